# METADATA
# title: Cross-border human resources
# description: |
#   Employees' personal information that is necessary for cross-border human resources management under
#   lawful work rules and a lawful collective contract.
# custom:
#   zh: 按照依法制定的劳动规章制度和依法签订的集体合同实施跨境人力资源管理所必需的员工个人信息
#   citation: CAC Order 16 art 5(1)②
#   confidence: A
#   checked: "2026-11-22"
package silkgate.exemptions.order16_art5_1_2

import data.silkgate.necessity
import data.silkgate.treating

exemption := {"reason": _reason, "covers": treating.profile.necessary} if {
	input.origin == "CN"
	input.basis.exemption == _reason.code
	input.basis.ground == "hr"
	_reason.code in treating.profile.exemptions
	some kind in treating.leaving
	necessity.needed(kind)
}

_reason := {
	"code": "cn.order16.art5.1.2",
	"en": "Necessary for cross-border human resources management under lawful work rules and a collective contract.",
	"zh": "按照依法制定的劳动规章制度和依法签订的集体合同实施跨境人力资源管理，确需向境外提供员工个人信息。",
	"citation": "CAC Order 16 art 5(1)②",
}
