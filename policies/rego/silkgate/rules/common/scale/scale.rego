# METADATA
# title: Scale
# description: |
#   What is said of very many persons weighs more than what is said of one. Where data at such a
#   scale may be important data, or its handler has the duties of one of important data, a person
#   has to judge; other scales are told as reasons.
# custom:
#   zh: 数据规模是分级的要素：达到一定规模的，由人工判定是否属于重要数据
#   citation: GB/T 43697-2024
#   confidence: B
#   checked: "2026-11-27"
package silkgate.rules.common.scale

import data.silkgate.facts

review contains _reason(code) if {
	some code in _reached
	data.silkgate.scales[code].review
}

because contains _reason(code) if {
	some code in _reached
	not data.silkgate.scales[code].review
}

_reached := {code | some code in facts.raised; data.silkgate.scales[code]}

_reason(code) := {
	"code": code,
	"en": data.silkgate.scales[code].en,
	"zh": data.silkgate.scales[code].zh,
	"citation": data.silkgate.scales[code].citation,
}
