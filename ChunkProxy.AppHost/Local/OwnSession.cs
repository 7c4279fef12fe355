using System.Diagnostics;

namespace ChunkProxy.AppHost.Local;

/// <summary>Keeps the terminal's Ctrl-C from children: the runner ends them itself, in order.</summary>
/// <remarks><c>setsid</c> (util-linux) makes a session and becomes the program, with the same process id. Where it is missing (macOS), all are told at once.</remarks>
internal static class OwnSession
{
    private static readonly string? Setsid = Executables.Find("setsid");

    public static ProcessStartInfo Of(ProcessStartInfo start)
    {
        if (Setsid is not null)
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.FileName = Setsid;
        }

        return start;
    }
}
