# METADATA
# title: Known purpose
# description: |
#   A purpose without a treatment profile is refused: what is necessary for it cannot be told.
# custom:
#   zh: 无处理方案的目的一律拒绝
#   citation: PIPL art 6
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.common.purpose_known

import data.silkgate.treating

deny contains _reason if not treating.profiled

needs contains "purpose" if not treating.profiled

_reason := {
	"code": "purpose.unknown",
	"en": "No treatment profile exists for this purpose, so what is necessary for it is not known.",
	"zh": "该目的没有对应的处理方案，无法判断必要范围。",
	"citation": "PIPL art 6",
}
