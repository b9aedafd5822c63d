"""Log-in for real: who somebody is, said by a provider that the instance trusts, and how long that is believed.

`files` reads `login.toml`; `oidc` and `saml` speak with the provider and hand back what it says; `rules` makes an
`Identity` of that and decides; `queries` finds the person in the books, or the professional's jobs in the directory.
A provider says who somebody is and never what they may see: that is read out of the rights anew at every request.
"""
