/** Body, illness, teeth, treatment, mind and care (`synonyms.ts` says what a line is). */
export const HEALTH: string = `
	stomach tummy belly abdomen abdominal
	stomachache bellyache tummy_ache stomach_ache stomach_hurt tummy_hurt stomach
	vomit nausea throw_up puke nauseous queasy barf feel_sick be_sick
	diarrhea diarrhoea stool the_runs loose_stool
	stool bowel poo poop faeces feces
	urine pee wee bladder
	bedwetting enuresis wet_bed pee_bed wet_himself wet_herself
	fever temperature feverish burn_up high_temperature run_temperature
	flu influenza
	cough bronchitis chesty
	congestion runny_nose stuffy_nose blocked_nose sinus sniffle
	pollen hayfever hay_fever antihistamine sneeze
	throat tonsil swallow
	dizzy faint lightheaded vertigo room_spin
	unconscious faint pass_out black_out collapse
	numb anesthetic anaesthetic anesthesia anaesthesia pin_needle
	sedation anesthesia anaesthesia drowsy put_sleep be_asleep put_under go_under laughing_gas nitrous
	sleep insomnia asleep nap bedtime lie_awake up_night
	snore apnea apnoea
	fatigue tired exhausted sleepy wear_out no_energy run_down
	bruxism grind clench nightguard mouthguard splint night_guard mouth_guard
	orthodontic brace aligner orthodontist straighten crooked retainer invisalign straight_tooth
	crooked misaligned overbite underbite straighten crowded
	gum periodontal gingivitis
	decay cavity caries rotten hole_tooth
	denture prosthesis false_tooth
	cosmetic smile veneer aesthetic esthetic
	molar wisdom_tooth back_tooth
	nerve root endodontic root_canal
	tartar plaque hygienist scale_polish
	xray radiograph ray imaging scan
	radiation xray ray dose exposure radioactive
	floss brush toothbrush toothpaste mouthwash interdental
	teething baby_tooth milk_tooth first_tooth cut_tooth
	dislodge knock_out come_loose emergency
	jaw tmj lockjaw jaw_click
	ulcer canker blister mouth_sore cold_sore
	gag reflex choke
	needle injection syringe prick
	pregnant maternity antenatal prenatal expecting_baby expect_child expectant trimester
	birth born newborn midwife neonatal
	breastfeed breast_feed lactation breastfeeding nursing_mother
	menstruation menstrual my_period time_month
	contraception birth_control condom morning_after iud
	sti std chlamydia sexual_health
	pediatrician paediatrician pediatric paediatric child_doctor kid_doctor baby_doctor
	dermatologist skin_doctor skin_specialist
	acne pimple zit breakout blemish
	eczema dermatitis psoriasis dry_skin
	optician optometrist ophthalmologist eye_doctor eye_test eye
	vision eyesight sight eye
	glasses spectacles lens
	deaf hearing heard hard_hearing hearing_aid audiologist
	blind sighted impaired braille screen_reader
	ear earache otitis ear_ache
	backache spine spinal lumbar bad_back back_pain back_hurt back_ache chiropractor
	physiotherapy physio physiotherapist physical_therapy rehabilitation rehab
	joint arthritis stiff rheumatism
	fracture break_bone break_arm break_leg break_wrist
	sprain strain twist_ankle roll_ankle pull_muscle
	bruise contusion black_eye
	wound stitch suture bandage gash laceration bandaid band_aid
	burn scald burnt sunburn
	infection abscess pus antibiotic septic
	swelling swollen inflammation inflamed puffy lump
	contagious infectious contagion spread
	covid coronavirus corona
	lice headlice head_lice nit
	poison toxic toxin ingest swallow
	asthma inhaler wheeze breathless breathe short_breath
	heart cardiac cardiologist chest
	hypertension blood_pressure
	diabetes insulin blood_sugar
	cancer tumor tumour oncology chemotherapy chemo
	seizure epilepsy epileptic convulsion
	headache migraine head_hurt head_ache
	autism autistic spectrum asperger asd
	attention adhd inattention hyperactive concentrate focus sit_still fidget
	milestone development developmental not_talk not_walk talk_late late_talk behind_other
	speech stammer lisp talk_clear
	behaviour behavior misbehave conduct tantrum meltdown naughty act_out
	bully tease
	abuse neglect violence violent safeguarding domestic
	addiction substance alcohol drinking_problem drink_much hooked_on
	tobacco smoking nicotine vape cigarette quit_smoking
	therapist counsellor counselor psychologist psychotherapist counselling psychiatrist shrink
	depression feeling_low feel_down hopeless down_dumps
	suicide selfharm self_harm crisis kill_myself kill_himself kill_herself end_life take_life want_die
	crisis suicide hurt_myself hurt_himself hurt_herself harm_herself harm_himself cut_herself
	stress overwhelmed burnout burn_out can_cope stressed_out
	grief bereavement mourn grieve pass_away lose_husband lose_wife lose_mother lose_father
	dietitian nutritionist nutrition dietician eating_habit
	obesity overweight bmi lose_weight gain_weight slim
	eating_disorder anorexia bulimia won_eat
	picky fussy eater picky_eat
	checkup physical screening check_over health_check once_over
	diagnosis diagnose diagnostic
	referral refer
	hospital infirmary casualty emergency_room
	ambulance paramedic 911 999 112 life_threat
	pharmacy chemist drugstore pharmacist
	painkiller ibuprofen paracetamol acetaminophen aspirin pain_relief pain_killer analgesic
	dosage dose many_pill
	reaction side_effect adverse
	medication prescribe prescription med
	supplement vitamin herbal
	sample specimen swab
	heal recovery aftercare recuperate get_better after_surgery after_operation downtime
	surgeon surgery operate surgical
	surgery go_knife under_knife go_under
	sterile sterilise disinfect sanitise sanitize germ hygiene
	bald hair_loss alopecia lose_hair
	waxing epilation hair_removal
	wrinkle botox filler frown_line
	manicure pedicure nail
	highlight dye tint bleach hair_colour hair_color
	haircut trim fringe bangs blow_dry hairdresser stylist
	beard shave moustache mustache barber
	facial peel skincare
	tattoo piercing ink
	tan sunbed solarium
	discomfort hurt painful tender sting stung
	painless hurt_much be_painful does_hurt
`;
