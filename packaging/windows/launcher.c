/* Runs the program with the Python beside it, in this very process.

   Compiled twice: LinReg.exe opens no console, and linreg-gui.exe prints on the one it has. */

#include <wchar.h>
#include <windows.h>

#define LONGEST 32768 /* characters of a path, at most */

int wmain(int count, wchar_t **given)
{
    static wchar_t library[LONGEST], start[LONGEST + 2];
    wchar_t **words = calloc(count + 2, sizeof *words);

    GetModuleFileNameW(NULL, library, LONGEST - 64);
    *(wcsrchr(library, L'\\') + 1) = 0;
    wcscpy(start, library);
    wcscat(library, L"python\\python311.dll");
    wcscat(start, L"python\\start.py");

    HMODULE python = LoadLibraryExW(library, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    int (*run)(int, wchar_t **) = python ? (void *)GetProcAddress(python, "Py_Main") : NULL;
    if (!run || !words) {
        MessageBoxW(NULL,
            L"A part of LinReg is missing. If you opened it inside a zip file, extract the whole "
            L"folder first. Otherwise install it again.", L"LinReg", MB_ICONWARNING);
        return 1;
    }
    words[0] = given[0];
    words[1] = start;
    for (int place = 1; place < count; place++)
        words[place + 1] = given[place];
    return run(count + 1, words);
}
