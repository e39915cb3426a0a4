# METADATA
# title: Emergency
# description: |
#   Personal information necessary in an emergency to protect a natural person's life, health or property.
# custom:
#   zh: 紧急情况下为保护自然人的生命健康和财产安全所必需
#   citation: CAC Order 16 art 5(1)③
#   confidence: A
#   checked: "2026-11-22"
package silkgate.exemptions.order16_art5_1_3

import data.silkgate.necessity
import data.silkgate.treating

exemption := {"reason": _reason, "covers": treating.profile.necessary} if {
	input.origin == "CN"
	input.basis.exemption == _reason.code
	input.basis.ground == "emergency"
	_reason.code in treating.profile.exemptions
	some kind in treating.leaving
	necessity.needed(kind)
}

_reason := {
	"code": "cn.order16.art5.1.3",
	"en": "Necessary in an emergency to protect life, health or property.",
	"zh": "紧急情况下为保护自然人的生命健康和财产安全，确需向境外提供个人信息。",
	"citation": "CAC Order 16 art 5(1)③",
}
