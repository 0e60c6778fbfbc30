/** What a column of a list of people says of them. */
export type ColumnRole = 'login' | 'first' | 'last' | 'full' | 'email' | 'group'

/** `Name` alone is a whole name, and the other half of one beside `Vorname` or `Cognoms`. */
export type HeadingRole = ColumnRole | 'name'

/**
 * How Moodle, Canvas, Google Classroom, Excel and school systems head these columns; the more particular heading comes first.
 * A login is a login where there is one, else an id.
 */
const headingsOf: Readonly<Record<HeadingRole, readonly string[]>> = {
  login: [
    ...['SIS Login ID', 'Login ID', 'Login', 'Username', 'User name', 'User', 'Login name', 'NetID', 'Account'],
    ...['Kennung', 'Benutzername', 'Anmeldename', 'Nutzername', 'Benutzerkennung', 'Uni-Kennung', 'Nutzerkennung'],
    ...["Nom d'utilisateur", 'Identifiant', 'Nombre de usuario', 'Usuario', 'Nome utente', 'Utente'],
    ...['Nome de usuário', 'Nome de utilizador', 'Usuário', 'Utilizador', 'Gebruikersnaam', 'Nazwa użytkownika'],
    ...['Uživatelské jméno', 'Používateľské meno', 'Användarnamn', 'Brugernavn', 'Brukernavn', 'Käyttäjätunnus'],
    ...['Felhasználónév', 'Nume utilizator', 'Kullanıcı adı', 'Логин', 'Имя пользователя', 'Логін', "Ім'я користувача"],
    ...['Όνομα χρήστη', '用户名', '使用者名稱', 'ユーザー名', 'ユーザ名', '사용자 이름', '아이디', 'اسم المستخدم'],
    ...['SIS User ID', 'SIS ID', 'ID number', 'Student ID', 'Student number', 'User ID', 'Matriculation number'],
    ...['ID-Nummer', 'Matrikelnummer', 'Matrikel', 'Matr.-Nr.', "Numéro d'identification", 'Numéro étudiant'],
    ...["N° d'étudiant", 'Número de ID', 'Matrícula', 'Numero ID', 'Codice identificativo', 'Matricola'],
    ...[
      'Número de identificação',
      'Studentnummer',
      'Numer ID',
      'Numer albumu',
      'Identifikační číslo',
      'Opiskelijanumero',
    ],
    ...['Neptun kód', 'Öğrenci no', 'Индивидуальный номер', '学号', '學號', '学籍番号', '학번', 'ID'],
  ],
  first: [
    ...['First name', 'Given name', 'Forename', 'Firstname', 'Vorname', 'Rufname', 'Prénom', 'Nombre', 'Nombre(s)'],
    ...['Nombres', 'Nome', 'Nome próprio', 'Voornaam', 'Imię', 'Jméno', 'Krstné meno', 'Förnamn', 'Fornavn'],
    ...['Etunimi', 'Keresztnév', 'Utónév', 'Prenume', 'Ad', 'Adı', 'Имя', "Ім'я", 'Όνομα', '名', '이름', 'الاسم الأول'],
  ],
  last: [
    ...['Last name', 'Surname', 'Family name', 'Lastname', 'Nachname', 'Familienname', 'Zuname', 'Nom de famille'],
    ...[
      'Apellidos',
      'Apellido(s)',
      'Apellido',
      'Cognome',
      'Sobrenome',
      'Apelido',
      'Achternaam',
      'Nazwisko',
      'Příjmení',
    ],
    ...['Priezvisko', 'Efternamn', 'Efternavn', 'Etternavn', 'Sukunimi', 'Vezetéknév', 'Nume de familie', 'Soyad'],
    ...['Soyadı', 'Фамилия', 'Прізвище', 'Επώνυμο', '姓', '성', 'اسم العائلة'],
  ],
  full: [
    ...['Full name', 'Display name', 'Student name', 'Participant', 'Student', 'Vollständiger Name'],
    ...['Nom complet', 'Nom et prénom', 'Nombre completo', 'Nome completo', 'Nome e cognome', 'Volledige naam'],
    ...['Imię i nazwisko', 'Celé jméno', 'Fullständigt namn', 'Koko nimi', 'Teljes név'],
    ...['Ad Soyad', 'Adı Soyadı', 'ФИО', 'ПІБ', 'Ονοματεπώνυμο', '姓名', '氏名', '성명'],
  ],
  name: [
    ...['Name', 'Names', 'Nom', 'Nume', 'Naam', 'Namn', 'Navn', 'Nimi', 'Név', 'Nama', '名前', 'الاسم', 'نام', 'Nafn'],
  ],
  email: [
    ...[
      'Email address',
      'Email',
      'E-mail',
      'Mail',
      'Mail address',
      'E-mail addresses',
      'E-Mail-Adresse',
      'Mailadresse',
    ],
    ...[
      'Adresse de courriel',
      'Adresse e-mail',
      'Adresse mail',
      'Courriel',
      'Correo electrónico',
      'Dirección de correo',
    ],
    ...['Dirección Email', 'Correo', 'Indirizzo email', 'Indirizzo e-mail', 'Posta elettronica', 'Endereço de email'],
    ...['Endereço de e-mail', 'Correio eletrónico', 'E-mailadres', 'Adres e-mail', 'E-mailová adresa', 'E-postadress'],
    ...['E-post', 'E-postadresse', 'E-mailadresse', 'Sähköpostiosoite', 'Sähköposti', 'E-mail cím', 'Adresă de email'],
    ...[
      'E-posta adresi',
      'E-posta',
      'Адрес электронной почты',
      'Электронная почта',
      'Эл. почта',
      'Почта',
      'Електронна пошта',
    ],
    ...['Ηλεκτρονικό ταχυδρομείο', '电子邮件', '电子邮箱', '邮箱', '電子郵件', 'メールアドレス', 'メール', '이메일'],
    ...['البريد الإلكتروني'],
  ],
  group: [
    ...['Groups', 'Group', 'Gruppen', 'Gruppe', 'Groupes', 'Groupe', 'Grupos', 'Grupo', 'Gruppi', 'Gruppo', 'Groepen'],
    ...['Groep', 'Grupy', 'Grupa', 'Skupiny', 'Skupina', 'Grupper', 'Grupp', 'Ryhmät', 'Ryhmä', 'Csoport', 'Csoportok'],
    ...['Gruplar', 'Grup', 'Группы', 'Группа', 'Групи', 'Група', '组', '群组', '組', 'グループ', '그룹'],
  ],
}

const ranks: ReadonlyMap<string, {readonly role: HeadingRole; readonly rank: number}> = new Map(
  Object.entries(headingsOf).flatMap(([role, headings]) =>
    headings.map((heading, rank) => [plainHeading(heading), {role: role as HeadingRole, rank}] as const),
  ),
)

/** What a heading says, and its rank among those that say the same (the smaller, the better); `undefined` for another. */
export function roleOfHeading(heading: string): {readonly role: HeadingRole; readonly rank: number} | undefined {
  const [bare] = heading.split(/[([{]/)
  const known = [heading, bare ?? '', (bare ?? '').replace(ofWhom, '')]
    .map((words) => ranks.get(plainHeading(words)))
    .find((found) => found !== undefined)
  return known ?? (isWholeName(heading) ? {role: 'full', rank: headingsOf.full.length} : undefined)
}

/** `Nachname, Vorname`, `Nombre / Apellido(s)` and `Prénom et nom` are one column with both. */
function isWholeName(heading: string): boolean {
  const parts = heading
    .split(/[,;/&]|\s(?:und|and|et|y|e|i|en|och|og)\s/iu)
    .map((part) => ranks.get(plainHeading(part))?.role)
  return parts.length === 2 && parts.every((role) => role !== undefined && nameRoles.has(role))
}

const nameRoles: ReadonlySet<HeadingRole> = new Set(['first', 'last', 'full', 'name'])

/** In front of what a column says: `Student's full name` is a full name. */
const ofWhom = /^\s*(?:student|pupil|learner|participant|user)(?:['’]?s|s['’])?[\s_-]+/i

/** A heading without what spellings differ in: capitals, accents, hyphens, spaces, a mark or a colon at its end. */
export function plainHeading(heading: string): string {
  return heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
