# METADATA
# title: Validity of the route
# description: |
#   A route is good through its last day; an extension must be sought before: an assessment 60 working
#   days, a certification 6 months. A working day is counted as 1.4 days, holidays not known.
# custom:
#   zh: 出境路径须在有效期内；评估届满60个工作日前、认证届满6个月前应申请延续
#   citation: CAC Order 16 art 9; CAC/SAMR Order 20
#   confidence: A/B
#   checked: "2026-11-22"
package silkgate.rules.cn.order16_art9_validity

import data.silkgate.counting
import data.silkgate.mechanism

deny contains _reason if {
	_counts
	mechanism.expired
}

needs contains "basis.mechanism" if {
	_counts
	mechanism.expired
}

obligations contains "cn.order16.art9.extension" if {
	mechanism.assessment
	mechanism.days_left <= data.silkgate.thresholds.validity.assessment_extension_days
}

obligations contains "cn.order20.renewal" if {
	mechanism.contract == "certification"
	mechanism.days_left <= data.silkgate.thresholds.validity.certification_renewal_days
}

default _counts := false

_counts if {
	input.origin == "CN"
	counting.any
}

_reason := {
	"code": "cn.order16.art9.expired",
	"en": "The stated route is past its last day.",
	"zh": "所声明的出境路径已过有效期。",
	"citation": "CAC Order 16 art 9",
}
