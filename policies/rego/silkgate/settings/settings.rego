# METADATA
# title: Decisions the law leaves open
# description: |
#   Each setting has a shipped default under `data.silkgate.defaults`; the company's overlay may
#   set its own under `data.silkgate.overlay.settings`. DECISIONS.md says what each is about.
# custom:
#   zh: 法律留白之处的取舍，默认值可由企业覆盖
package silkgate.settings

id_number_sensitive := _settings.id_number_sensitive

count_in_both_tallies := _settings.count_in_both_tallies

consent_for_every_ground := _settings.consent_for_every_ground

statutory_duty_review := _settings.statutory_duty_review

minor_purposes := _settings.minor_purposes

sensitive_together := _settings.sensitive_together

pass_through := _settings.pass_through

permit_origins := _settings.permit_origins

restricted_recipients := _settings.restricted_recipients

_settings := object.union(data.silkgate.defaults, _own)

default _own := {}

_own := data.silkgate.overlay.settings
