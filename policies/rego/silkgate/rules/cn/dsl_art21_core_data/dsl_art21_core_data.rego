# METADATA
# title: Core data
# description: |
#   Core data never leaves through this gateway. Core data is important data at least, for which the
#   Regulations, which were read, want an assessment that no configuration can state for it.
# custom:
#   zh: 核心数据一律不得通过本网关出境
#   citation: DSL art 21; Network Data Security Regulations art 37
#   confidence: A/K
#   checked: "2026-11-22"
package silkgate.rules.cn.dsl_art21_core_data

import data.silkgate.facts

deny contains _reason if {
	some kind in facts.found
	kind.level == "core"
}

deny contains _reason if {
	some kind in facts.found
	kind.listed == "core"
}

_reason := {
	"code": "cn.dsl.art21.core_data",
	"en": "Core data must not leave.",
	"zh": "核心数据不得出境。",
	"citation": "DSL art 21; Network Data Security Regulations art 37",
}
