# METADATA
# title: Data without personal information
# description: |
#   Data of trade, transport, research cooperation, manufacturing and marketing that holds no personal
#   information and no important data needs no route.
# custom:
#   zh: 国际贸易、跨境运输、学术合作、跨国生产制造和市场营销等数据，不含个人信息和重要数据的，免于出境路径
#   citation: CAC Order 16 art 3
#   confidence: A
#   checked: "2026-11-22"
package silkgate.exemptions.order16_art3

import data.silkgate.facts
import data.silkgate.treating

exemption := {"reason": _reason, "covers": ["*"]} if {
	input.origin == "CN"
	not treating.personal_leaves
	not _perhaps_important
}

_perhaps_important if {
	some kind in facts.found
	facts.important_levels[kind.level]
}

_reason := {
	"code": "cn.order16.art3",
	"en": "No personal information leaves and no important data was found: no route is needed.",
	"zh": "出境数据不含个人信息和重要数据，无需申报、备案或认证。",
	"citation": "CAC Order 16 art 3",
}
