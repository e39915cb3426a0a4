# METADATA
# title: Restricted recipients
# description: |
#   A recipient on the list of restricted or prohibited recipients gets nothing.
# custom:
#   zh: 列入限制或禁止个人信息提供清单的接收方不得接收
#   citation: PIPL art 42
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.pipl_art42_recipient

import data.silkgate.settings

deny contains _reason if {
	input.recipient.name in array.concat(data.silkgate.recipients.restricted, settings.restricted_recipients)
}

_reason := {
	"code": "cn.pipl.art42.recipient_restricted",
	"en": "The recipient is on the list of restricted recipients.",
	"zh": "接收方在限制或者禁止个人信息提供清单内。",
	"citation": "PIPL art 42",
}
