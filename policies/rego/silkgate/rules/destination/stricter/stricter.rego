# METADATA
# title: Two laws, the stricter holds
# description: |
#   Where the treatment for the destination is stricter than what the purpose would have at home, the
#   stricter one holds, and both laws are named.
# custom:
#   zh: 来源地与目的地法律要求不一致时从严，并同时列明两法依据
#   citation: PIPL art 6; law of the destination
#   confidence: A/B
#   checked: "2026-11-22"
package silkgate.rules.destination.stricter

import data.silkgate.treating

because contains _reason(key) if some key in treating.stricter_abroad

obligations contains concat("", ["treatment.stricter.", key]) if some key in treating.stricter_abroad

_reason(key) := {
	"code": concat("", ["treatment.stricter.", key]),
	"en": concat("", ["For ", key, " the destination wants more than the purpose at home: the stricter treatment holds."]),
	"zh": concat("", [key, "：目的地要求严于来源地目的方案，从严处理。"]),
	"citation": concat("; ", ["PIPL art 6", data.silkgate.jurisdictions[input.destination].law]),
}
