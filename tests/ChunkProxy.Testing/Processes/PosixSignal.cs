using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ChunkProxy.Testing.Processes;

/// <summary>Linux signal numbers.</summary>
public static partial class PosixSignal
{
    public const int Hangup = 1;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    private const int NoSuchProcess = 3; // ESRCH

    /// <summary>Sends a signal. Does nothing if the process has ended.</summary>
    public static void Send(int process, int signal)
    {
        if (kill(process, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill({process}, {signal})");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int process, int signal);
}
