# METADATA
# title: Ground of processing
# description: |
#   A route states a ground of PIPL art 13, and one that its purpose can rest on: analysis is not
#   necessary for the contract.
# custom:
#   zh: 须声明个人信息保护法第十三条的合法性基础，且与目的相符
#   citation: PIPL art 13
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.pipl_art13_ground

import data.silkgate.treating

deny contains _reason if _wrong

needs contains "basis.ground" if _wrong

default _wrong := false

_wrong if {
	input.origin == "CN"
	treating.personal_leaves
	treating.profiled
	not _fitting
}

_fitting if input.basis.ground in treating.profile.grounds

_fitting if input.basis.ground == "statutory_duty"

_reason := {
	"code": "cn.pipl.art13.ground_unfit",
	"en": "The stated ground is none this purpose can rest on.",
	"zh": "所声明的合法性基础与该目的不符。",
	"citation": "PIPL art 13",
}
