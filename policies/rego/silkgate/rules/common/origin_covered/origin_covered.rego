# METADATA
# title: Covered origin
# description: |
#   Only China's export rules are encoded in full; exports of other origin are for a person to decide.
# custom:
#   zh: 仅完整收录中国出境规则，其他来源须人工复核
#   citation: PIPL art 3
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.common.origin_covered

review contains _reason if input.origin != "CN"

needs contains "origin" if input.origin != "CN"

_reason := {
	"code": "origin.rules_missing",
	"en": "The export rules of this origin are not encoded yet.",
	"zh": "尚未收录该来源地的出境规则。",
	"citation": "PIPL art 3",
}
