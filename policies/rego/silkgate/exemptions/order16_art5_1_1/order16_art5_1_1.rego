# METADATA
# title: Necessary for a contract with the person
# description: |
#   Personal information necessary to conclude or perform a contract the person is party to: cross-border
#   shopping, delivery, remittance, payment, account opening, bookings, visas, examinations. Only what the
#   purpose's list names is necessary; anything else that leaves is counted.
# custom:
#   zh: 为订立、履行个人作为一方当事人的合同所必需的个人信息，免于出境路径，仅限目的所列必需字段
#   citation: CAC Order 16 art 5(1)①
#   confidence: A
#   checked: "2026-11-22"
package silkgate.exemptions.order16_art5_1_1

import data.silkgate.necessity
import data.silkgate.treating

exemption := {"reason": _reason, "covers": treating.profile.necessary} if {
	input.origin == "CN"
	input.basis.exemption == _reason.code
	input.basis.ground == "contract"
	_reason.code in treating.profile.exemptions
	some kind in treating.leaving
	necessity.needed(kind)
}

_reason := {
	"code": "cn.order16.art5.1.1",
	"en": "Necessary to conclude or perform a contract to which the person is party.",
	"zh": "为订立、履行个人作为一方当事人的合同，确需向境外提供个人信息。",
	"citation": "CAC Order 16 art 5(1)①",
}
