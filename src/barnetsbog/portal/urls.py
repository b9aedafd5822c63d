"""One address a view; what is chosen on a page stands in the address. No name and no number of a person does."""

from django.urls import path

from . import public
from .family import consent as family_consent
from .family import front, seen
from .professional import (
    administration,
    asking,
    ball,
    child,
    consent,
    entry,
    find,
    glass,
    lists,
    oversight,
    packs,
    referral,
    routing_cases,
    routing_rules,
    team,
    why,
)
from .professional import plan as plan_page
from .professional import plan_meeting as meeting_page
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
    path("enheden/", team.team, name="team"),
    path("enheden/<uuid:role_id>/", team.colleague, name="colleague"),
    path("find/", find.find, name="find"),
    path("nodadgang/", glass.open_without_consent, name="glass"),
    path("nodadgang/gennemsyn/", glass.queue, name="glass-queue"),
    path("tilsyn/", oversight.oversight, name="oversight"),
    path("administration/", administration.administration, name="administration"),
    path("administration/henvisningsregler/", routing_rules.index, name="routing-rules"),
    path("administration/henvisningsregler/proever/", routing_cases.cases, name="routing-cases"),
    path("administration/henvisningsregler/<slug:rule>/", routing_rules.rule, name="routing-rule"),
    path("familie/", front.front, name="family-front"),
    path("familie/hvem-har-set/", seen.seen, name="family-seen"),
    path("familie/hvorfor/", why.family_why, name="family-why"),
    path("familie/ja-og-nej/", family_consent.index, name="family-consent"),
    path("familie/ja-og-nej/<uuid:ident>/", family_consent.question, name="family-question"),
    path("familie/ja-og-nej/<uuid:ident>/tilbage/", family_consent.withdraw, name="family-withdraw"),
    path("familie/ja-og-nej/<uuid:ident>/kvittering/", family_consent.receipt, name="family-receipt"),
    path("barn/<uuid:child_id>/samtykke/", consent.matrix, name="consent"),
    path("barn/<uuid:child_id>/samtykke/spoerg/", asking.ask, name="consent-ask"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/", consent.sharing, name="consent-sharing"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/papir", consent.paper, name="consent-paper"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/svar/", consent.register, name="consent-register"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/tilbage/", consent.withdraw, name="consent-withdraw"),
    path("barn/<uuid:child_id>/samtykke/<uuid:ident>/mind/", consent.remind, name="consent-remind"),
    path("barn/<uuid:child_id>/opgaver/", ball.balls, name="balls"),
    path("barn/<uuid:child_id>/opgaver/ny/", ball.open_ball, name="ball-open"),
    path("barn/<uuid:child_id>/opgaver/tovholder/", ball.coordinator, name="coordinator"),
    path("barn/<uuid:child_id>/opgaver/<uuid:ident>/", ball.ball, name="ball"),
    path("henvisninger/", referral.queue, name="referral-queue"),
    path("barn/<uuid:child_id>/henvisninger/", referral.referrals, name="referrals"),
    path("barn/<uuid:child_id>/henvisninger/ny/", referral.begin, name="referral-begin"),
    path("barn/<uuid:child_id>/henvisninger/<uuid:ident>/", referral.referral, name="referral"),
    path("barn/<uuid:child_id>/", child.overview, name="overview"),
    path("moedepakker/", packs.received, name="packs"),
    path("moedepakker/<uuid:child_id>/<uuid:entry_id>/", packs.opened, name="pack"),
    path("barn/<uuid:child_id>/moedepakke/", packs.make, name="pack-make"),
    path("barn/<uuid:child_id>/moedepakke/<uuid:entry_id>/godkend", packs.approve, name="pack-approve"),
    path("barn/<uuid:child_id>/hvorfor/", why.why, name="why"),
    path("barn/<uuid:child_id>/laest", child.mark_read, name="mark-read"),
    path("barn/<uuid:child_id>/tidslinje/", timeline_page.timeline, name="timeline"),
    path("barn/<uuid:child_id>/plan/", plan_page.plan, name="plan"),
    path("barn/<uuid:child_id>/plan/ret/", plan_page.frame, name="plan-frame"),
    path("barn/<uuid:child_id>/plan/klar", plan_page.ready, name="plan-ready"),
    path("barn/<uuid:child_id>/plan/moede/", meeting_page.meeting, name="plan-meeting"),
    path("barn/<uuid:child_id>/plan/barnets-maal/", plan_page.say, name="plan-say"),
    path("barn/<uuid:child_id>/plan/barnets-syn/", plan_page.view, name="plan-view"),
    path("barn/<uuid:child_id>/plan/maal/", plan_page.new_goal, name="plan-new-goal"),
    path("barn/<uuid:child_id>/plan/maal/<uuid:ident>/", plan_page.goal, name="plan-goal"),
    path("barn/<uuid:child_id>/plan/indsats/", plan_page.try_out, name="plan-try"),
    path("barn/<uuid:child_id>/plan/indsats/<uuid:ident>/", plan_page.intervention, name="plan-intervention"),
    path("barn/<uuid:child_id>/<uuid:entry_id>/", entry.entry, name="entry"),
]

handler404 = "barnetsbog.portal.missing.not_found"
handler500 = "barnetsbog.portal.public.failed"
