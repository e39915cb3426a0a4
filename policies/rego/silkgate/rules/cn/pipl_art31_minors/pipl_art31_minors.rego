# METADATA
# title: Children under fourteen
# description: |
#   A child's personal information needs the consent of a guardian.
# custom:
#   zh: 不满十四周岁未成年人的个人信息须取得监护人同意
#   citation: PIPL art 31
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.pipl_art31_minors

import data.silkgate.facts
import data.silkgate.treating

review contains _reason if {
	_applies
	input.basis.consent == null
}

needs contains "basis.consent" if {
	_applies
	input.basis.consent == null
}

obligations contains "pipl.31.guardian_consent" if _applies

default _applies := false

_applies if {
	input.origin == "CN"
	some kind in treating.leaving
	kind.category == "spi_minor_u14"
}

_applies if {
	input.origin == "CN"
	facts.of_children
	treating.personal_leaves
}

_reason := {
	"code": "cn.pipl.art31.guardian_consent",
	"en": "A child's information leaves and no guardian's consent is recorded.",
	"zh": "出境数据涉及不满十四周岁未成年人，未记录监护人同意。",
	"citation": "PIPL art 31",
}
