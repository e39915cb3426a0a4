# METADATA
# title: Known destination
# description: |
#   A destination whose law we hold no facts on is refused.
# custom:
#   zh: 无法域资料的目的地一律拒绝
#   citation: PIPL art 38
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.common.destination_known

deny contains _reason if not data.silkgate.jurisdictions[input.destination]

needs contains "destination" if not data.silkgate.jurisdictions[input.destination]

_reason := {
	"code": "destination.unknown",
	"en": "No facts are held on the law of this destination.",
	"zh": "未收录该目的地的法律资料。",
	"citation": "PIPL art 38",
}
