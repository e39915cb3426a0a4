# METADATA
# title: Critical information infrastructure
# description: |
#   A critical information infrastructure operator needs a security assessment for any personal
#   information that no exemption of arts 3 to 5(1)③ or 6 covers; the volume exemption is not his.
# custom:
#   zh: 关键信息基础设施运营者向境外提供未豁免的个人信息，应当申报安全评估
#   citation: CAC Order 16 art 7; CSL art 39; PIPL art 40
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.order16_art7_ciio

import data.silkgate.counting
import data.silkgate.mechanism

carried_by := mechanism.assessment if _applies

because contains _assessed if carried_by

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
	input.exporter.ciio
	counting.any
}

_missing := {
	"code": "cn.order16.art7.ciio",
	"en": "A critical information infrastructure operator needs a security assessment in force.",
	"zh": "关键信息基础设施运营者向境外提供个人信息应当申报数据出境安全评估。",
	"citation": "CAC Order 16 art 7; CSL art 39",
}

_assessed := {
	"code": "cn.order16.art7.ciio_assessed",
	"en": "A critical information infrastructure operator with a security assessment in force.",
	"zh": "关键信息基础设施运营者，数据出境安全评估结果在有效期内。",
	"citation": "CAC Order 16 art 7; CSL art 39",
}
