using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Processes;

/// <summary>A program under test, or one that a test needs. It ends at disposal, and with the test run.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<ChildProcess, bool> Running = new();

    private readonly Process _process;
    private readonly List<string> _lines = []; // also the lock that guards it
    private readonly ChangeSignal _changed = new();
    private readonly Task _exited;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var child in Running.Keys)
        {
            child.Kill();
        }
    };

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        Id = _process.Id;
        Running[this] = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _exited = _process.WaitForExitAsync(); // completes after the last line
        _exited.ContinueWith(
            _ =>
            {
                Running.TryRemove(this, out bool _);
                _changed.Raise();
            },
            TaskScheduler.Default);
    }

    public int Id { get; }

    public bool HasExited => _exited.IsCompleted;

    public int ExitCode => _process.ExitCode;

    /// <summary>The lines that the process has printed so far, on both outputs.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Current resident memory, in bytes.</summary>
    public long ResidentBytes => StatusInKiB("VmRSS:") * 1024;

    /// <summary>Peak resident memory, in bytes.</summary>
    public long PeakResidentBytes => StatusInKiB("VmHWM:") * 1024;

    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        // Debian installs servers outside the PATH of ordinary users.
        if (environment?.ContainsKey("PATH") is not true)
        {
            start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        }

        if (!Path.IsPathRooted(program) && File.Exists(Path.Combine("/usr/sbin", program)))
        {
            start.FileName = Path.Combine("/usr/sbin", program);
        }

        return new ChildProcess(start);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ChildProcess> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken, string? folder = null)
    {
        var process = Start(program, arguments, folder: folder);
        await using (process.ConfigureAwait(false))
        {
            await process.WhenExitedAsync(cancellationToken);
        }

        return process;
    }

    /// <summary>Returns the first line that matches, among those printed and those to come.</summary>
    /// <exception cref="InvalidOperationException">The process ended without a match. The message contains its output.</exception>
    public async Task<string> WhenLineAsync(Func<string, bool> matches, string what, CancellationToken cancellationToken)
    {
        string? found = null;
        await _changed.UntilAsync(
            () =>
            {
                // The order matters: a process that has exited prints no more.
                var over = HasExited;
                found = Lines.FirstOrDefault(matches);
                return over || found is not null;
            },
            what,
            cancellationToken);
        return found ?? throw new InvalidOperationException($"Ended with {ExitCode} before: {what}\n{string.Join('\n', Lines)}");
    }

    public async Task<int> WhenExitedAsync(CancellationToken cancellationToken)
    {
        await _exited.WaitAsync(Patience.Limit, cancellationToken);
        return ExitCode;
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => Signal(PosixSignal.Kill);

    /// <summary>Sends SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken)
    {
        Signal(PosixSignal.Terminate);
        return WhenExitedAsync(cancellationToken);
    }

    /// <summary>Sends SIGSTOP: the process hangs, and its sockets stay open. Returns when it has stopped: on a busy machine its threads run on for a while.</summary>
    public void Pause()
    {
        Signal(PosixSignal.Stop);
        PosixSignal.WaitUntilStopped(Id);
    }

    /// <summary>Sends SIGCONT.</summary>
    public void Resume() => Signal(PosixSignal.Continue);

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _exited;
    }

    internal void Signal(int signal)
    {
        // Do not signal after the exit was observed: the kernel may have reused the id.
        if (!_exited.IsCompleted && !_process.HasExited)
        {
            PosixSignal.Send(Id, signal);
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        _changed.Raise();
    }

    // "VmRSS:     123 kB"
    private long StatusInKiB(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
