# METADATA
# title: Separate consent and notice
# description: |
#   Whoever sends personal information abroad tells the person the recipient's name and contact, purpose,
#   method, kinds of information and how to exercise rights; where the ground is consent, it is separate.
# custom:
#   zh: 向境外提供个人信息须告知，基于同意的须取得单独同意
#   citation: PIPL art 39; CAC Order 16 art 10
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.pipl_art39_consent

import data.silkgate.settings
import data.silkgate.treating

obligations contains "pipl.39.notice" if _applies

obligations contains "pipl.39.consent" if {
	_applies
	_needed
}

deny contains _reason if _missing

needs contains "basis.consent" if _missing

default _missing := false

_missing if {
	_applies
	_needed
	input.basis.consent == null
}

_needed if input.basis.ground == "consent"

_needed if settings.consent_for_every_ground

default _applies := false

_applies if {
	input.origin == "CN"
	treating.personal_leaves
}

_reason := {
	"code": "cn.pipl.art39.consent_missing",
	"en": "The ground is consent and no separate consent to the export is recorded.",
	"zh": "以同意为合法性基础，但未记录向境外提供的单独同意。",
	"citation": "PIPL art 39",
}
