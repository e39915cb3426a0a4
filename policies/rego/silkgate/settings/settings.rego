# METADATA
# title: Decisions the law leaves open
# description: |
#   Each setting has a shipped default under `data.silkgate.defaults`; the company's overlay may
#   set its own under `data.silkgate.overlay.settings`. DECISIONS.md says what each is about.
#   (The overlay's sections are shipped empty: rego-cpp is slow at places that do not exist.)
# custom:
#   zh: 法律留白之处的取舍，默认值可由企业覆盖
package silkgate.settings

id_number_sensitive := _setting("id_number_sensitive")

count_in_both_tallies := _setting("count_in_both_tallies")

consent_for_every_ground := _setting("consent_for_every_ground")

statutory_duty_review := _setting("statutory_duty_review")

minor_purposes := _setting("minor_purposes")

sensitive_together := _setting("sensitive_together")

pass_through := _setting("pass_through")

permit_origins := _setting("permit_origins")

two_person_reviews := _setting("two_person_reviews")

restricted_recipients := _setting("restricted_recipients")

_setting(name) := object.get(data.silkgate.overlay.settings, name, data.silkgate.defaults[name])
