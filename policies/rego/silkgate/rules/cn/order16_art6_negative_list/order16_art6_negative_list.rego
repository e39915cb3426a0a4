# METADATA
# title: Negative lists of free-trade zones
# description: |
#   A list exempts only where it was enabled by version and all of its items are known; a claim on a list
#   whose items nobody read is for a person to decide.
# custom:
#   zh: 自贸区负面清单须按版本启用且条目完整，否则人工复核
#   citation: CAC Order 16 art 6
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.order16_art6_negative_list

import data.silkgate.negative_list
import data.silkgate.treating

review contains _reason if {
	input.origin == "CN"
	input.basis.exemption == "cn.order16.art6"
	treating.personal_leaves
	not negative_list.in_force
}

needs contains "policy.overlay.negative_lists" if {
	input.basis.exemption == "cn.order16.art6"
	not negative_list.in_force
}

_reason := {
	"code": "cn.order16.art6.list_unknown",
	"en": "No negative list of this zone is enabled with all its items, so what lies outside it is not known.",
	"zh": "未启用该区域条目完整的负面清单，无法判断是否属于清单之外。",
	"citation": "CAC Order 16 art 6",
}
