# METADATA
# title: Statutory duty
# description: |
#   The Regulations add statutory duty to the grounds for export; Order 16 does not name it, so whether
#   it exempts and whether its persons count is for a person to decide.
# custom:
#   zh: 法定职责或法定义务所必需的出境是否免于出境路径尚不明确，默认人工复核
#   citation: Network Data Security Regulations art 35(6)
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.ndsr_art35_statutory_duty

import data.silkgate.settings
import data.silkgate.treating

review contains _reason if {
	input.origin == "CN"
	input.basis.ground == "statutory_duty"
	settings.statutory_duty_review
	treating.personal_leaves
}

_reason := {
	"code": "cn.ndsr.art35.statutory_duty",
	"en": "The ground is a statutory duty; whether a route is needed must be decided by a person.",
	"zh": "以履行法定职责或法定义务为由，是否需要出境路径须人工判断。",
	"citation": "Network Data Security Regulations art 35(6)",
}
