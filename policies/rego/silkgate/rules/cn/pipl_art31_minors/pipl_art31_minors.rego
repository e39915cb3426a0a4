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

import data.silkgate.settings
import data.silkgate.treating

review contains _reason if {
	_applies
	is_null(input.basis.consent)
}

needs contains "basis.consent" if {
	_applies
	is_null(input.basis.consent)
}

obligations contains "pipl.31.guardian_consent" if _applies

_applies if {
	input.origin == "CN"
	some kind in treating.leaving
	_child(kind)
}

_child(kind) if kind.category == "spi_minor_u14"

_child(_) if input.purpose in settings.minor_purposes

_reason := {
	"code": "cn.pipl.art31.guardian_consent",
	"en": "A child's information leaves and no guardian's consent is recorded.",
	"zh": "出境数据涉及不满十四周岁未成年人，未记录监护人同意。",
	"citation": "PIPL art 31",
}
