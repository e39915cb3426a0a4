# METADATA
# title: Standard contract or certification
# description: |
#   From 100,000 and below 1,000,000 persons, or below 10,000 with sensitive personal information (one is
#   enough), since 1 January a standard contract or a certification is due.
# custom:
#   zh: 当年累计十万人以上不满一百万人个人信息或不满一万人敏感个人信息，应当订立标准合同或通过认证
#   citation: CAC Order 16 art 8
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.order16_art8_contract

import data.silkgate.counting
import data.silkgate.mechanism
import data.silkgate.tally

carried_by := mechanism.contract if _applies

because contains _carried if carried_by

deny contains _missing if {
	_applies
	not carried_by
}

needs contains "basis.mechanism" if {
	_applies
	not carried_by
}

default _applies := false

_applies if {
	input.origin == "CN"
	counting.any
	tally.contract_due
}

_carried := {
	"code": "cn.order16.art8",
	"en": "The volume requires a standard contract or a certification; one is in force.",
	"zh": "累计数量须订立个人信息出境标准合同或通过认证，现有路径在有效期内。",
	"citation": "CAC Order 16 art 8",
}

_missing := {
	"code": "cn.order16.art8.mechanism_missing",
	"en": "This year's volume, or sensitive personal information, requires a standard contract or a certification in force.",
	"zh": "当年累计数量或所含敏感个人信息要求订立个人信息出境标准合同或通过个人信息保护认证。",
	"citation": "CAC Order 16 art 8",
}
