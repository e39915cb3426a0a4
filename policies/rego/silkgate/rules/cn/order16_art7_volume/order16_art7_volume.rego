# METADATA
# title: Security assessment by volume
# description: |
#   From 1,000,000 persons, or 10,000 with sensitive personal information, since 1 January a security
#   assessment is due.
# custom:
#   zh: 当年累计一百万人以上个人信息或一万人以上敏感个人信息，应当申报安全评估
#   citation: CAC Order 16 art 7
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.order16_art7_volume

import data.silkgate.counting
import data.silkgate.mechanism
import data.silkgate.tally

carried_by := mechanism.assessment if _applies

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
	tally.assessment_due
}

_carried := {
	"code": "cn.order16.art7",
	"en": "The volume requires a security assessment; one is in force.",
	"zh": "累计数量须经安全评估，评估结果在有效期内。",
	"citation": "CAC Order 16 art 7",
}

_missing := {
	"code": "cn.order16.art7.assessment_missing",
	"en": "This year's volume requires a security assessment in force.",
	"zh": "当年累计数量已达安全评估标准，须有有效的安全评估结果。",
	"citation": "CAC Order 16 art 7",
}
