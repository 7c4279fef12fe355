using System.Diagnostics;
using System.Net.Sockets;

namespace ChunkProxy.AppHost.Local;

/// <summary>Keeps one process running: starts it when what it needs is ready, again when it ends, and ends it when told.</summary>
internal sealed class Supervisor(LocalProcess what, PrefixedConsole console, OrphanGuard guard, HttpClient probes, TimeProvider time)
{
    private const int TriesToBecomeReady = 3;

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LocalProcess What => what;

    /// <summary>Completes when the process has answered its probe for the first time; fails if it never will.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Runs until told to stop and <paramref name="dependents"/> have ended.</summary>
    /// <exception cref="InvalidOperationException">The process ended again and again before it was ever ready.</exception>
    public async Task RunAsync(IReadOnlyList<Supervisor> needs, Func<Task> dependents, CancellationToken stopping)
    {
        try
        {
            await Task.WhenAll(needs.Select(need => need.Ready)).WaitAsync(stopping);
            for (var backoff = default(Backoff); ;)
            {
                var started = time.GetTimestamp();
                var exitCode = await RunOnceAsync(dependents, stopping);
                backoff = backoff.After(time.GetElapsedTime(started));
                if (!Ready.IsCompletedSuccessfully && backoff.Failures >= TriesToBecomeReady)
                {
                    throw new InvalidOperationException($"{what.Name} ended {backoff.Failures} times (exit code {exitCode}) before it was ready.");
                }

                console.Write(what.Name, $"ended with exit code {exitCode}; starts again in {backoff.Delay.TotalSeconds:0.#} s");
                await Task.Delay(backoff.Delay, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _ready.TrySetCanceled(stopping);
        }
        catch (Exception e)
        {
            _ready.TrySetException(e);
            throw;
        }
    }

    private async Task<int> RunOnceAsync(Func<Task> dependents, CancellationToken stopping)
    {
        using var process = Start();
        guard.Started(process.Id);
        try
        {
            var exited = process.WaitForExitAsync(CancellationToken.None); // completes after the last line
            var probing = AwaitReadyAsync(process.Id, exited, stopping);
            try
            {
                await exited.WaitAsync(stopping);
                return process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                await dependents();
                await EndAsync(process, exited);
                throw;
            }
            finally
            {
                await probing;
            }
        }
        finally
        {
            guard.Ended(process.Id);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(what.Program, what.Arguments)
        {
            RedirectStandardInput = true, // closed at once: nobody shares the terminal's keys
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("ASPNETCORE_URLS"); // the launch profile's, for Aspire's dashboard
        foreach (var (name, value) in what.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(OwnSession.Of(start))!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Hear(string? line)
    {
        if (line is not null)
        {
            console.Write(what.Name, line);
        }
    }

    private async Task AwaitReadyAsync(int processId, Task exited, CancellationToken stopping)
    {
        while (!exited.IsCompleted && !stopping.IsCancellationRequested)
        {
            if (await AnswersAsync(stopping))
            {
                console.Write(what.Name, $"ready, process {processId}{string.Concat(what.Links.Take(1).Select(link => $", {link.Url}"))}");
                _ready.TrySetResult();
                return;
            }

            await Task.WhenAny(exited, Task.Delay(ProbeInterval, time, CancellationToken.None));
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken stopping)
    {
        try
        {
            if (what.Probe.Scheme == "tcp")
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(what.Probe.Host, what.Probe.Port, stopping);
                return true;
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, what.Probe);
            using var response = await probes.SendAsync(request, stopping);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task EndAsync(Process process, Task exited)
    {
        Signals.AskToEnd(process);
        if (await Task.WhenAny(exited, Task.Delay(EndTimeout, time, CancellationToken.None)) != exited)
        {
            console.Write(what.Name, $"has not ended within {EndTimeout.TotalSeconds:0} s and is killed");
            process.Kill(entireProcessTree: true);
            await exited;
        }
    }
}
