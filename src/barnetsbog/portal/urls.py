"""One address a view; what is chosen on a page stands in the address. No name and no number of a person does."""

from django.urls import path

from . import public
from .family import book, closing, front, helpers, seen
from .family import consent as family_consent
from .professional import (
    administration,
    asking,
    ball,
    child,
    consent,
    entry,
    excluding,
    find,
    glass,
    lists,
    oversight,
    proofs,
    team,
    why,
)
from .professional import timeline as timeline_page
from .routing import pages as routing

urlpatterns = [
    path("", lists.start, name="start"),
    path("log-ind/", public.login, name="login"),
    path("log-ind/<slug:key>", public.login_as, name="login-as"),
    path("log-af/", public.logout, name="logout"),
    path("sprog/", public.language, name="language"),
    path("om/", public.about, name="about"),
    path("tilgaengelighed/", public.accessibility, name="accessibility"),
    path("healthz", public.health, name="health"),
    path("hvilken-doer/", routing.which_door, name="which-door"),
    path("hvem-kan-henvise/", routing.who_may_refer, name="who-may-refer"),
    path("besked-til-laeger/", routing.notice_to_doctors, name="notice-to-doctors"),
    path("arbejdsliste/", lists.work_list, name="work-list"),
    path("arbejdsliste/meddelelse/<uuid:ident>", lists.read_notice, name="read-notice"),
    path("enheden/", team.team, name="team"),
    path("enheden/<uuid:role_id>/", team.colleague, name="colleague"),
    path("find/", find.find, name="find"),
    path("nodadgang/", glass.open_without_consent, name="glass"),
    path("nodadgang/gennemsyn/", glass.queue, name="glass-queue"),
    path("tilsyn/", oversight.oversight, name="oversight"),
    path("tilsyn/kontrolpunkter/", proofs.index, name="proofs"),
    path("tilsyn/kontrolpunkter/<int:size>", proofs.checkpoint, name="checkpoint"),
    path("tilsyn/kontrolpunkter/<int:size>/bevis", proofs.continued, name="checkpoint-proof"),
    path("tilsyn/bevis/<uuid:event_id>", proofs.line, name="line-proof"),
    path("administration/", administration.administration, name="administration"),
    path("familie/", front.front, name="family-front"),
    path("familie/hvem-har-set/", seen.seen, name="family-seen"),
    path("familie/hvorfor/", why.family_why, name="family-why"),
    path("familie/ja-og-nej/", family_consent.index, name="family-consent"),
    path("familie/ja-og-nej/<uuid:ident>/", family_consent.question, name="family-question"),
    path("familie/ja-og-nej/<uuid:ident>/tilbage/", family_consent.withdraw, name="family-withdraw"),
    path("familie/ja-og-nej/<uuid:ident>/kvittering/", family_consent.receipt, name="family-receipt"),
    path("familie/hjaelpere/", helpers.index, name="family-helpers"),
    path("familie/hjaelpere/ny/", helpers.choose, name="family-helper-new"),
    path("familie/hjaelpere/<uuid:ident>/stop/", helpers.stop, name="family-helper-stop"),
    path("familie/bog/", book.index, name="family-book"),
    path("familie/bog/<uuid:ident>/", book.entry, name="family-book-entry"),
    path("familie/luk/", closing.index, name="family-closing"),
    path("familie/luk/<uuid:ident>/", closing.one, name="family-closing-one"),
    path("familie/luk/<uuid:ident>/kvittering/", closing.receipt, name="family-closing-receipt"),
    path("barn/<uuid:child_id>/samtykke/", consent.matrix, name="consent"),
    path("barn/<uuid:child_id>/samtykke/spoerg/", asking.ask, name="consent-ask"),
    path("barn/<uuid:child_id>/samtykke/bisidder/<uuid:ident>/", excluding.exclude, name="exclude-helper"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/", consent.sharing, name="consent-sharing"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/papir", consent.paper, name="consent-paper"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/svar/", consent.register, name="consent-register"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/tilbage/", consent.withdraw, name="consent-withdraw"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/mind/", consent.remind, name="consent-remind"),
    path("barn/<uuid:child_id>/opgaver/", ball.balls, name="balls"),
    path("barn/<uuid:child_id>/opgaver/ny/", ball.open_ball, name="ball-open"),
    path("barn/<uuid:child_id>/opgaver/tovholder/", ball.coordinator, name="coordinator"),
    path("barn/<uuid:child_id>/opgaver/<uuid:ident>/", ball.ball, name="ball"),
    path("barn/<uuid:child_id>/", child.overview, name="overview"),
    path("barn/<uuid:child_id>/hvorfor/", why.why, name="why"),
    path("barn/<uuid:child_id>/laest", child.mark_read, name="mark-read"),
    path("barn/<uuid:child_id>/tidslinje/", timeline_page.timeline, name="timeline"),
    path("barn/<uuid:child_id>/<uuid:entry_id>/", entry.entry, name="entry"),
]

handler404 = "barnetsbog.portal.missing.not_found"
handler500 = "barnetsbog.portal.public.failed"
