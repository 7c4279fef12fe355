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
    private const int Interrupted = 4; // EINTR
    private const int NoSuchChild = 10; // ECHILD

    private const int ById = 1; // P_PID
    private const int StoppedOrExited = 2 | 4; // WSTOPPED, WEXITED
    private const int LeaveIt = 0x0100_0000; // WNOWAIT: the library reads the exit code later

    /// <summary>Sends a signal. Does nothing if the process has ended.</summary>
    public static void Send(int process, int signal)
    {
        if (kill(process, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill({process}, {signal})");
        }
    }

    /// <summary>Waits until all threads of a child process have stopped after <see cref="Stop"/>, or the process has ended.</summary>
    public static void WaitUntilStopped(int child)
    {
        while (waitid(ById, child, out _, StoppedOrExited | LeaveIt) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == NoSuchChild)
            {
                return;
            }

            if (error != Interrupted)
            {
                throw new Win32Exception(error, $"waitid({child})");
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int waitid(int kind, int child, out Information information, int options);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int process, int signal);

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private readonly struct Information;
}
