# METADATA
# title: Decisions the law leaves open
# description: |
#   Each setting has a shipped default under `data.silkgate.defaults`; the company's overlay may
#   set its own under `data.silkgate.overlay.settings`.
# custom:
#   zh: 法律留白之处的取舍，默认值可由企业覆盖
package silkgate.settings

id_number_sensitive := _settings.id_number_sensitive

count_in_both_tallies := _settings.count_in_both_tallies

minor_purposes := _settings.minor_purposes

_settings := object.union(data.silkgate.defaults, _own)

default _own := {}

_own := data.silkgate.overlay.settings
