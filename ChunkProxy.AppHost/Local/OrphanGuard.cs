using System.Diagnostics;
using System.Globalization;

namespace ChunkProxy.AppHost.Local;

/// <summary>Ends what the runner started if the runner itself is killed, when no code of it can run any more.</summary>
/// <remarks>
/// A shell that is told of every start and end, and otherwise waits on a pipe whose other end only the runner holds. However the
/// runner ends, the kernel closes the pipe; the shell then ends whoever is left, first politely. It has a session of its own, so that
/// neither Ctrl-C nor a killed process group takes it along.
/// </remarks>
internal sealed class OrphanGuard : IDisposable
{
    private const string Script = """
        trap '' INT TERM HUP QUIT
        pids=
        while read -r what pid; do
          rest=
          for p in $pids; do [ "$p" = "$pid" ] || rest="$rest $p"; done
          [ "$what" = started ] && rest="$rest $pid"
          pids=$rest
        done
        [ -n "$pids" ] || exit 0
        kill -TERM $pids 2>/dev/null
        tries=0
        while [ $tries -lt 10 ]; do
          alive=
          for p in $pids; do kill -0 "$p" 2>/dev/null && alive=1; done
          [ -n "$alive" ] || exit 0
          sleep 1
          tries=$((tries + 1))
        done
        kill -KILL $pids 2>/dev/null
        """;

    private readonly Process? _shell;
    private readonly Lock _telling = new();

    public OrphanGuard()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // no signals and no POSIX shell: there, only an orderly end leaves nothing running
        }

        _shell = Process.Start(OwnSession.Of(new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true }));
    }

    public void Started(int process) => Tell("started", process);

    public void Ended(int process) => Tell("ended", process);

    public void Dispose()
    {
        _shell?.StandardInput.Dispose();
        _shell?.WaitForExit();
        _shell?.Dispose();
    }

    private void Tell(string what, int process)
    {
        lock (_telling)
        {
            _shell?.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {process}"));
            _shell?.StandardInput.Flush();
        }
    }
}
