; An installer for one user, who needs no rights. Needs: VERSION, SOURCE, RESULT, in files.nsh the
; macro that removes all files of the package, and in languages.nsh what it speaks.

Target amd64-unicode ; MXNet needs 64 bits, too
ManifestDPIAware true
SetCompressor /SOLID lzma
RequestExecutionLevel user
!include MUI2.nsh
!include files.nsh

Name "LinReg ${VERSION}"
OutFile "${RESULT}"
InstallDir "$LOCALAPPDATA\Programs\LinReg"
InstallDirRegKey HKCU "Software\LinReg" "Folder"

!define MUI_ICON "linreg.ico"
!define MUI_UNICON "linreg.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\LinReg.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!include languages.nsh

!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\LinReg"

!macro FileType SUFFIX NAME WORDS OPTION
    WriteRegStr HKCU "Software\Classes\${SUFFIX}\OpenWithProgids" "${NAME}" ""
    WriteRegStr HKCU "Software\Classes\${SUFFIX}" "" "${NAME}"
    WriteRegStr HKCU "Software\Classes\${NAME}" "" "${WORDS}"
    WriteRegStr HKCU "Software\Classes\${NAME}\DefaultIcon" "" "$INSTDIR\LinReg.exe,0"
    WriteRegStr HKCU "Software\Classes\${NAME}\shell\open\command" "" \
        '"$INSTDIR\LinReg.exe" ${OPTION} "%1"'
!macroend

!macro NoFileType SUFFIX NAME
    DeleteRegKey HKCU "Software\Classes\${NAME}"
    DeleteRegValue HKCU "Software\Classes\${SUFFIX}\OpenWithProgids" "${NAME}"
    DeleteRegKey /ifempty HKCU "Software\Classes\${SUFFIX}\OpenWithProgids"
    ReadRegStr $0 HKCU "Software\Classes\${SUFFIX}" ""
    ${If} $0 == "${NAME}"
        DeleteRegValue HKCU "Software\Classes\${SUFFIX}" ""
    ${EndIf}
    DeleteRegKey /ifempty HKCU "Software\Classes\${SUFFIX}"
!macroend

!macro TellExplorer ; that file types have changed
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section
    IfFileExists "$INSTDIR\uninstall.exe" 0 fresh
        ExecWait '"$INSTDIR\uninstall.exe" /S _?=$INSTDIR' ; an older one has other files
    fresh:
    SetOutPath "$INSTDIR"
    File /r "${SOURCE}\*"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\LinReg.lnk" "$INSTDIR\LinReg.exe"
    !insertmacro FileType ".linreg" "LinReg.Session" "$(SESSION)" "--open"
    !insertmacro FileType ".linreg-lesson" "LinReg.Lesson" "$(LESSON)" "--lesson"
    !insertmacro TellExplorer
    WriteRegStr HKCU "Software\LinReg" "Folder" "$INSTDIR"
    WriteRegStr HKCU "${ENTRY}" "DisplayName" "LinReg"
    WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${ENTRY}" "DisplayIcon" "$INSTDIR\LinReg.exe"
    WriteRegStr HKCU "${ENTRY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${ENTRY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${ENTRY}" "EstimatedSize" ${KILOBYTES}
    WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
    WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
SectionEnd

Section Uninstall
    !insertmacro RemoveFiles ; one by one: a person may have put others beside them
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    RMDir "$LOCALAPPDATA\Programs" ; if nothing else is in it
    Delete "$SMPROGRAMS\LinReg.lnk"
    !insertmacro NoFileType ".linreg" "LinReg.Session"
    !insertmacro NoFileType ".linreg-lesson" "LinReg.Lesson"
    !insertmacro TellExplorer
    DeleteRegKey HKCU "Software\LinReg"
    DeleteRegKey HKCU "${ENTRY}"
SectionEnd
