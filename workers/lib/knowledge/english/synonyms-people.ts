/** People, feelings, work, school and law (`synonyms.ts` says what a line is). */
export const PEOPLE: string = `
	grandparent grandma grandpa grandmother grandfather granny nana grandad relative
	relative aunt uncle cousin niece nephew
	stepparent stepmom stepdad stepmother stepfather step_mom step_dad step_mother step_father blended_family
	foster adopt
	custody guardianship visitation joint_custody court_order parental_responsibility
	caregiver carer caretaker look_after
	childminder babysitter nanny sitter au_pair minder childcare
	nursery preschool kindergarten daycare childcare creche
	boyfriend girlfriend fiance fiancee partner
	couple pair partner two_us both_us
	roommate flatmate housemate
	neighbor neighbour next_door
	man male gentleman
	woman female lady
	gender sex transgender trans nonbinary pronoun
	married marriage get_married wed
	surname name last_name family_name maiden_name
	birthdate birthday date_birth dob
	elderly senior pensioner old_person aged retired retiree
	teenager teen adolescent youth young_person
	adult grownup grown_up over_18
	underage minor under_18 too_young
	age old_enough too_old too_young age_limit minimum_age
	anonymous nameless without_name
	human agent representative operator real_person actual_person live_person talk_person speak_person
	bot robot chatbot automated real_human artificial
	manager supervisor boss escalate someone_charge person_charge in_charge
	reception receptionist front_desk desk
	technician mechanic engineer repairman handyman tradesman
	veterinary vet veterinarian animal_doctor animal_hospital
	realtor estate_agent letting_agent broker real_estate
	waiter waitress
	courier driver carrier delivery_man delivery_guy postman mailman
	accompany companion escort come_along bring_someone plus_one stay_with bring_friend bring_partner bring_husband bring_wife bring_mum bring_mom
	crowd group capacity large_group many_person
	anxious panic freak_out terrified petrified dread nervous scared_stiff scared_death worried_sick frightened
	phobia fear afraid scared
	concern worry uneasy
	calm relax reassure calm_down soothe comfort
	embarrassed ashamed shy awkward judgement judgment self_conscious
	lonely loneliness isolated
	upset angry annoyed furious frustrated unhappy
	complaint dissatisfied disappointed unhappy not_happy unsatisfied let_down fed_up not_good rip_off
	complaint complain rude unfriendly impolite disrespectful unprofessional
	compliment praise kudos great_job
	satisfied satisfaction pleased
	apology apologise
	explain explanation unclear confusing make_sense not_understand don_understand no_idea clueless
	reputable trustworthy reliable legit legitimate trust
	dispute disagree disagreement objection contest appeal challenge don_agree not_agree argue
	discrimination unfair bias prejudice racist
	prefer favourite favorite
	advice recommend suggest advise
	opinion review rating testimonial
	hurry rush urgent in_hurry in_rush asap time_sensitive right_now
	harassment bother pester stalk
	vacancy recruitment applicant candidate cv job_open apply_job work_here hiring
	job employment occupation profession work_as
	internship intern apprentice apprenticeship work_experience
	volunteer help_out unpaid
	freelance contractor selfemployed self_employed
	shift rota roster
	parttime part_time fulltime full_time
	absence absent off_sick sick_note sick_leave day_off off_school off_work call_sick
	leave time_off day_off annual_leave pto
	retirement pension
	payroll payslip pay_stub pay_slip wage
	redundancy dismissal lay_off lose_job make_redundant got_fired
	resign hand_notice quit_job
	uniform dress_code what_wear outfit attire
	qualified qualification accredited certified credential licensed
	grade mark score gpa
	term semester trimester
	tuition fee school_fee course_fee
	principal headteacher headmaster head_teacher
	timetable schedule
	detention exclusion expel suspension kick_out
	truant absence miss_school miss_class skip_school
	university college uni degree
	excursion outing field_trip school_trip
	dyslexia dyslexic learning_difficulty special_needs special_education sen iep
	level beginner intermediate advanced
	scholarship bursary grant financial_aid
	individual private_lesson
	childhood early_years toddler preschool
	graduate alumni
	plagiarism cheat
	curriculum syllabus
	testament last_will write_will make_will inheritance estate
	probate executor estate inherit
	eviction kick_out throw_out landlord
	litigation lawsuit sue take_court go_court legal_action press_charge
	arrest police jail prison bail
	crime criminal offence offense
	immigration asylum work_permit green_card residence
	citizenship naturalisation naturalization
	notary notarise notarize certified witness
	proxy power_attorney on_behalf
	defamation libel slander
	trademark copyright patent
	consultation initial_meeting first_meeting advice
	confidentiality nda
	prenuptial prenup
	alimony maintenance child_support spousal
	harmful dangerous risk risky hazard safe
	eligible qualify entitled criteria
	rule policy guideline regulation
	prohibited forbidden banned not_allowed against_rule
	religion religious faith prayer
	lgbt gay lesbian queer same_sex
	nationality citizen passport
	newcomer first_time never_been new move_here move_area move_town new_town
`;
