using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChunkProxy.AppHost.Local;

/// <summary>Asks a process to end. .NET itself can only kill.</summary>
internal static partial class Signals
{
    private const int Terminate = 15; // SIGTERM, on Linux and macOS alike

    public static void AskToEnd(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = kill(process.Id, Terminate); // fails when it has just ended, which is what is wanted
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int process, int signal);
}
