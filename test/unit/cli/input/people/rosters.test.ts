import {describe, expect, it} from 'vitest'
import {importRows} from './import-rows.js'

const ana = 'ana | Ana López | ana@uni.example | '

describe('headings', () => {
  it.each([
    ['with one over several', 'Student,,Contact\nFirst name,Last name,Email\nAna,López,ana@uni.example\n', [ana]],
    ['cut in two lines', 'First,Last,E-mail\nname,name,address\nAna,López,ana@uni.example\n', [ana]],
    [
      'that span two lines',
      'Kennung;Name;;E-Mail\n;Vorname;Nachname;\nana;Ana;López;ana@uni.example\n',
      ['ana | Ana López | ana@uni.example | '],
    ],
    ['in two languages', 'First name,Last name,Email\nVorname,Nachname,E-Mail\nAna,López,ana@uni.example\n', [ana]],
    [
      'under a title with a name of its own',
      'Name:,Kurs 1\n\nVorname,Nachname,E-Mail\nAna,López,ana@uni.example\n',
      [ana],
    ],
    [
      'under an address of the teacher',
      'Teacher,t@uni.example,\nFirst name,Last name,Email\nAna,López,ana@uni.example\n',
      [ana],
    ],
    ['with a part beside the whole', 'Vorname,Full name,Email\nAna,Ana López,ana@uni.example\n', [ana]],
    [
      'of a list without addresses, one of whom has the name of a heading',
      'Name\nAna López\nNom\n',
      ['ana.lopez | Ana López |  | ', 'nom | Nom |  | '],
    ],
  ])('%s are found', async (_, text, expected) => {
    expect((await importRows(text)).people).toEqual(expected)
  })

  it('of two lines are shown joined', async () => {
    const {columns} = await importRows('First,Last,E-mail\nname,name,address\nAna,López,ana@uni.example\n')
    expect(columns).toContain('first name from First name')
    expect(columns).toContain('e-mail from E-mail address')
  })
})

describe('logins', () => {
  it.each([
    ['12.0', '12'],
    ['12,00', '12'],
    ['1.234.567', '1234567'],
    ['1,234,567', '1234567'],
    ["1'234'567", '1234567'],
    ['1\u00A0234\u00A0567', '1234567'],
    ['1.234,00', '1234'],
    ['20,251,234.00', '20251234'],
    ['UNI\\alopez', 'alopez'],
    ['.\\alopez', 'alopez'],
    ['#alopez', 'alopez'],
    ['mailto:alopez@uni.example', 'alopez@uni.example'],
    ['alopez', 'alopez'],
    ['12.5', '12.5'],
    ['007', '007'],
  ])('%j are read as %s', async (written, login) => {
    const {people, notes} = await importRows(`Username;Name\n${written};Ana López\n`)
    expect(people).toEqual([`${login} | Ana López |  | `])
    const isSaid = /[.,]0|\d[.,'\u00A0]\d{3}|\\/.test(written)
    expect(notes).toEqual(
      isSaid ? [`Line 2: the login "${written.replaceAll('\u00A0', ' ')}" is read as ${login}.`] : [],
    )
  })

  it.each([
    ['1.234', '"1.234" may be 1234, as a spreadsheet writes it; give its column the format Text'],
    ['12,345', '"12,345" may be 12345'],
    ['UNI\\a\\b', 'it has'],
    ['#', 'it has'],
  ])('%j is refused: %s', async (written, words) => {
    await expect(importRows(`Username;Name\n${written};Ana López\n`)).rejects.toThrow(words)
  })

  it('that are written as numbers of a spreadsheet are told of five lines', async () => {
    const rows = Array.from({length: 30}, (_, index) => `${String(index + 10)}.0;Ana`)
    const {notes} = await importRows(`Username;Name\n${rows.join('\n')}\n`)
    expect(notes).toHaveLength(6)
    expect(notes[5]).toBe('25 more lines have another login than they show.')
  })

  it('and the end of a line are read as Brightspace writes them', async () => {
    const {people, notes} = await importRows(
      'OrgDefinedId,Username,Last Name,First Name,Email,Quiz 1 Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator\n' +
        '#20251234,#alopez,López,Ana,ana@uni.example,8,#\n#20251235,#bsmith,Smith,Ben,ben@uni.example,,#\n',
    )
    expect(people).toEqual(['alopez | Ana López | ana@uni.example | ', 'bsmith | Ben Smith | ben@uni.example | '])
    expect(notes).toEqual([])
  })
})

describe('lines that are no person', () => {
  const names = 'Vorname;Nachname;E-Mail\nAna;López;ana@uni.example\n'
  const one = 'Name;E-Mail\nAna López;ana@uni.example\n'
  const logins = 'Username;Name\nana;Ana López\n'
  const only = 'Username\nana\n'
  it.each([
    [names, 'Gesamtzahl: 1;;'],
    [names, 'Stand: 01.10.2026'],
    [names, 'Teilnehmer;1;'],
    [names, 'Exported on Monday;;'],
    [names, 'Vertraulich;;'],
    [names, ';Vertraulich;'],
    [one, 'Total: 30'],
    [one, 'Exported on 2026-10-01 12:00'],
    [one, 'Seite 1 von 1;'],
    [one, 'Généré le 1 octobre 2026 par Moodle;'],
    [one, 'Экспортировано: 01.10.2026'],
    [one, '01.10.2026'],
    [one, '# end'],
    [one, '© 2026 University of Example'],
    [logins, 'Total: 30;'],
    [logins, '# end;'],
    [logins, 'Liste der Universität;'],
    [logins, 'Exported on 2026-10-01;'],
    [only, '# end'],
    [only, 'Total: 1'],
  ])('after %j, %j is left out and told', async (list, footer) => {
    const {people, notes} = await importRows(`${list}${footer}\n`)
    expect(people.map((person) => person.split(' |')[0])).toEqual(['ana'])
    const told = footer.replace(/^;|;.*$/g, '')
    expect(notes).toEqual([`Line 3 is not a person ("${told}") and was left out.`])
  })

  it.each([
    [names, 'Total;1;'],
    [one, 'Summe;'],
    [logins, 'Anzahl;1'],
  ])('after %j, %j is left out', async (list, footer) => {
    const {people, notes} = await importRows(`${list}${footer}\n`)
    expect(people).toHaveLength(1)
    expect(notes).toEqual([])
  })

  it.each([
    [one, 'Ben Smith;', 'ben.smith | Ben Smith |  | '],
    [names, 'Ben;Smith;', 'ben.smith | Ben Smith |  | '],
    [logins, 'count;Ben Smith', 'count | Ben Smith |  | '],
    [logins, 'ben;', 'ben |  |  | '],
    [only, 'total', 'total |  |  | '],
    ['Name\nAna López\n', 'Student 1', 'student.1 | Student 1 |  | '],
    ['Name\nAna López\n', 'Fin Page', 'fin.page | Fin Page |  | '],
    ['Name;Matrikelnummer;E-Mail\nAna López;1;ana@uni.example\n', 'Ben Smith;2;', '2 | Ben Smith |  | '],
  ])('after %j, %j is a person', async (list, row, expected) => {
    const {people} = await importRows(`${list}${row}\n`)
    expect(people[1]).toBe(expected)
  })

  it('in one with a password is not shown', async () => {
    await expect(importRows(`${only}ben:s3cret\n`)).rejects.toThrow('cannot be a user')
  })
})

describe('addresses', () => {
  it.each([
    ['ana@uni.example; ana@home.example'],
    ['ana@uni.example ana@home.example'],
    ['ana@uni.example / ana@home.example'],
    ['ana@uni.example or ana@home.example'],
    ['"ana@uni.example\nana@home.example"'],
    ['Ana <ana@uni.example>, Ana López <ana@home.example>'],
  ])('%j are two, of which the first is taken', async (written) => {
    const {people, notes} = await importRows(`Name\tE-Mail\nAna López\t${written}\n`)
    expect(people).toEqual([ana])
    expect(notes).toEqual([
      expect.stringMatching(/^Line \d has several e-mail addresses; the first, ana@uni\.example, was taken\.$/),
    ])
  })

  it.each([
    'ana@uni.example',
    'MAILTO:Ana@uni.example',
    'Ana López <ana@uni.example>',
    'ana@uni.example;',
    'ana@uni.example, ANA@uni.example',
  ])('%j is one', async (written) => {
    const {people, notes} = await importRows(`Name\tE-Mail\nAna López\t${written}\n`)
    expect(people).toEqual([ana])
    expect(notes).toEqual([])
  })

  it.each(['ana lopez@uni.example', 'ana(at)uni.example', 'siehe Liste'])('%j is none', async (written) => {
    const {people, notes} = await importRows(`Name\tE-Mail\nAna López\t${written}\n`)
    expect(people).toEqual(['ana.lopez | Ana López |  | '])
    expect(notes).toEqual([`Line 2: "${written}" is not an e-mail address and was left out.`])
  })
})

describe('columns of', () => {
  const both = ['ana', 'Ana', 'López', 'ana@uni.example', 'a']
  it.each([
    ['Hebrew', 'שם משתמש', 'שם פרטי', 'שם משפחה', 'דוא"ל', 'קבוצה'],
    ['Thai', 'ชื่อผู้ใช้', 'ชื่อ', 'นามสกุล', 'ที่อยู่อีเมล', 'กลุ่ม'],
    ['Catalan', "Nom d'usuari", 'Nom', 'Cognoms', 'Adreça electrònica', 'Grups'],
    ['French', "Nom d'utilisateur", 'Prénom', 'Nom', 'Adresse de courriel', 'Groupe'],
    ['Romanian', 'Nume utilizator', 'Prenume', 'Nume', 'Adresă de email', 'Grup'],
    ['Vietnamese', 'Tên đăng nhập', 'Tên', 'Họ và tên đệm', 'Địa chỉ email', 'Nhóm'],
    ['Japanese', 'ログインID', '名', '姓', 'Eメールアドレス', 'グループ名'],
    ['Korean', '사용자 ID', '이름', '성', '이메일 주소', '그룹'],
    ['Chinese', '登录名', '名', '姓', '电子邮件地址', '小组'],
    ['Arabic', 'اسم المستخدم', 'الاسم الأول', 'الاسم الأخير', 'البريد الإلكتروني', 'المجموعة'],
    ['Persian', 'نام کاربری', 'نام', 'نام خانوادگی', 'ایمیل', 'گروه'],
    ['Bulgarian', 'Потребителско име', 'Име', 'Фамилия', 'Имейл', 'Група'],
    ['Croatian', 'Korisničko ime', 'Ime', 'Prezime', 'Adresa e-pošte', 'Grupa'],
    ['Slovenian', 'Uporabniško ime', 'Ime', 'Priimek', 'E-poštni naslov', 'Skupina'],
    ['Estonian', 'Kasutajanimi', 'Eesnimi', 'Perekonnanimi', 'E-posti aadress', 'Rühm'],
    ['Indonesian', 'Nama pengguna', 'Nama depan', 'Nama belakang', 'Alamat email', 'Kelompok'],
    ['Stud.IP', 'Nutzernamen', 'Vorname', 'Nachname', 'E-Mail', 'Gruppe'],
    ['TUMonline', 'REGISTRATION_NUMBER', 'FIRST_NAME_OF_STUDENT', 'FAMILY_NAME_OF_STUDENT', 'EMAIL', 'GROUP_NAME'],
    ['OpenOlat', 'Institutionsnummer (Matrikelnummer)', 'Vorname', 'Nachname', 'E-Mail', 'Gruppen'],
  ])('%s are known', async (_, ...headings) => {
    const {people, notes} = await importRows(`${headings.join('\t')}\n${both.join('\t')}\n`)
    expect(people).toEqual([`${ana}a`])
    expect(notes).toEqual([])
  })

  it.each([
    'ชื่อ-นามสกุล',
    'Họ và tên',
    '氏名',
    '성명',
    '이름',
    'שם מלא',
    'Nom i cognoms',
    'Nom',
    'Nama',
    'Ime i prezime',
    'نام و نام خانوادگی',
  ])('%s are whole names', async (heading) => {
    expect((await importRows(`${heading}\tEmail\nAna López\tana@uni.example\n`)).people).toEqual([ana])
  })

  it.each([
    ['User principal name', 'Display name'],
    ['userPrincipalName', 'displayName'],
    ['UPN', 'Name'],
    ['Student e-mail', 'Student'],
    ['Institutional Email', 'Student name'],
    ['E-Mail (dienstlich)', 'Teilnehmer/in'],
    ['Correo institucional', 'Nombre completo'],
  ])('%s are addresses', async (email, name) => {
    expect((await importRows(`${email};${name}\nana@uni.example;Ana López\n`)).people).toEqual([ana])
  })

  it.each([
    ['Personal email', 'University email'],
    ['Email', 'School email'],
    ['E-Mail (privat)', 'E-Mail (Hochschule)'],
    ['E-Mail privat', 'E-Mail'],
    ['Secondary Email', 'Email'],
    ['Parent email', 'Email'],
    ['E-Mail der Eltern', 'E-Mail'],
    ['Correo personal', 'Correo institucional'],
    ['Adresse e-mail personnelle', 'Adresse e-mail universitaire'],
  ])('%s are not taken beside %s', async (other, email) => {
    const {people} = await importRows(`Name,${other},${email}\nAna López,a@home.example,ana@uni.example\n`)
    expect(people).toEqual([ana])
    const swapped = await importRows(`Name,${email},${other}\nAna López,ana@uni.example,a@home.example\n`)
    expect(swapped.people).toEqual([ana])
  })

  it('parents are not taken for those of students', async () => {
    const {people, notes} = await importRows('Name,Parent email\nAna López,mother@home.example\n')
    expect(people).toEqual(['ana.lopez | Ana López |  | '])
    expect(notes).toEqual(['Column 2, "Parent email", has e-mail addresses and was not read: --email-column 2'])
  })
})

describe('names in Chinese, Japanese and Korean', () => {
  it.each([
    ['Login;First name;Last name\np1;小明;王\n', '王小明'],
    ['Login;First name;Last name\np1;민준;김\n', '김민준'],
    ['Login;First name;Last name\np1;さくら;佐々木\n', '佐々木さくら'],
    ['Login;Name\np1;"王, 小明"\n', '王小明'],
    ['Login;Name\np1;王小明\n', '王小明'],
    ['Login;First name;Last name\np1;Ming;王\n', 'Ming 王'],
    ['Login;First name;Last name\np1;小明;\n', '小明'],
  ])('have the family name first: %j', async (text, name) => {
    expect((await importRows(text)).people).toEqual([`p1 | ${name} |  | `])
  })
})

describe('groups', () => {
  it.each([
    ['Łódź', 'lodz'],
    ['Grøn', 'gron'],
    ['Çağ Işık', 'cag-isik'],
    ['Großer Kurs', 'grosser-kurs'],
    ['Æro 1', 'aero-1'],
    ['Đội A', 'doi-a'],
    ['Группа Б', 'группа-б'],
    ['三年二班', '三年二班'],
    ['קבוצה 1', 'קבוצה-1'],
    ['कक्षा दो', 'कक्षा-दो'],
    ['ＡＢ', 'ab'],
  ])('%s is %s: accents go, other scripts stay', async (written, group) => {
    const {people, notes} = await importRows(`Login;Group\nana;${written}\n`)
    expect(people).toEqual([`ana |  |  | ${group}`])
    expect(notes).toEqual([])
  })

  it.each(['jhub-policy', 'JHub Policy', 'jhub-rehearsal'])(
    '%s is left out, as one of jhub itself',
    async (written) => {
      const {people, notes} = await importRows(`Login;Group\nana;${written}\n`)
      expect(people).toEqual(['ana |  |  | '])
      expect(notes).toEqual([
        `The group "${written}" was left out: jhub has a group of its own of that name. Give this one another name in the file.`,
      ])
    },
  )

  it.each(['★', '&&&', '🎓'])('%s are left out, and what to do is told once', async (written) => {
    const {people, notes} = await importRows(`Login;Group\nana;${written}\nben;${written}\n`)
    expect(people).toEqual(['ana |  |  | ', 'ben |  |  | '])
    expect(notes).toEqual([
      `The group "${written}" was left out: write it in letters and digits in the file, or give everybody in it a group with --group NAME.`,
    ])
  })
})

describe('exports of', () => {
  it.each([
    [
      'Microsoft Entra, whose ids nobody can type',
      'id,userPrincipalName,displayName,surname,mail,givenName\n' +
        '1b2c3d4e-1111-2222-3333-444455556666,ana@uni.onmicrosoft.example,Ana López,López,ana@uni.example,Ana\n',
      [ana],
    ],
    [
      'Gradescope',
      'First Name,Last Name,SID,Email,Sections\nAna,López,20251234,ana@uni.example,A\n',
      ['20251234 | Ana López | ana@uni.example | '],
    ],
    [
      'a Canvas group set',
      'name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\nAna López,1,2,ana,A,Team 1,5,g5\n',
      ['ana | Ana López |  | team-1'],
    ],
    [
      "Moodle's upload of users",
      'username,firstname,lastname,email,course1,group1\nana,Ana,López,ana@uni.example,C1,Team 1\n',
      [`${ana}team-1`],
    ],
    [
      'Blackboard',
      '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Availability"\n"López"\t"Ana"\t"ana"\t"7"\t"Yes"\n',
      ['ana | Ana López |  | '],
    ],
    [
      'ILIAS',
      'Login;Vorname;Nachname;E-Mail;Matrikelnummer;Rolle/Status\nana;Ana;López;ana@uni.example;7;Kursmitglied\n',
      [ana],
    ],
    [
      'LSF, under a title',
      'Veranstaltung: Statistik I;;;\nDozent: Prof. X;;;\n;;;\nlfd. Nr.;Nachname;Vorname;Mtknr\n1;López;Ana;20251234\n',
      ['20251234 | Ana López |  | '],
    ],
    [
      'a spreadsheet with words for nothing',
      'Login,Name,Email\n-,Ana López,ana@uni.example\nn/a,Ben Smith,–\n#N/A,-,-\n',
      [ana, 'ben.smith | Ben Smith |  | '],
    ],
    [
      'a spreadsheet with words for no group',
      'Login,Name,Email,Group\nana,Ana López,ana@uni.example,none\nben,Ben Smith,,nan\ncem,Cem Can,,Keine Gruppe\n',
      [ana, 'ben | Ben Smith |  | ', 'cem | Cem Can |  | '],
    ],
  ])('%s are read', async (_, text, expected) => {
    expect((await importRows(text)).people).toEqual(expected)
  })

  it.each(['#REF!', '#DIV/0!', '#¡VALOR!', '#BEZUG!', '#N/D', '#ÜBERLAUF!'])(
    'a login that is the error %s of a spreadsheet is told',
    async (error) => {
      const {people, notes} = await importRows(`Login,Name,Email\n${error},Ana López,ana@uni.example\n`)
      expect(people).toEqual(['ana | Ana López | ana@uni.example | '])
      expect(notes).toContain(
        `Line 2: the login is ${error}, an error of the spreadsheet; another is made of the rest of the line.`,
      )
    },
  )
})
