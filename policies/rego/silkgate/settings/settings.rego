# METADATA
# title: Decisions the law leaves open
# description: |
#   Each setting has a shipped default under `data.silkgate.defaults`; the company's overlay may
#   set its own under `data.silkgate.overlay.settings`. DECISIONS.md says what each is about.
#   (The overlay's sections are shipped empty: rego-cpp is slow at places that do not exist.)
# custom:
#   zh: 法律留白之处的取舍，默认值可由企业覆盖
package silkgate.settings

id_number_sensitive := _set.id_number_sensitive

count_in_both_tallies := _set.count_in_both_tallies

consent_for_every_ground := _set.consent_for_every_ground

statutory_duty_review := _set.statutory_duty_review

minor_purposes := _set.minor_purposes

sensitive_together := _set.sensitive_together

pass_through := _set.pass_through

permit_origins := _set.permit_origins

two_person_reviews := _set.two_person_reviews

restricted_recipients := _set.restricted_recipients

_set := object.union(data.silkgate.defaults, data.silkgate.overlay.settings)
