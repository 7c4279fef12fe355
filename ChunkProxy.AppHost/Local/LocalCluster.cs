using Microsoft.Extensions.Hosting;

namespace ChunkProxy.AppHost.Local;

/// <summary>Starts what the plan says, each after what it needs, and ends all in the opposite order.</summary>
internal sealed class LocalCluster(IReadOnlyList<LocalProcess> plan, PrefixedConsole console, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What went wrong for good, in a sentence.</summary>
    public string? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var guard = new OrphanGuard();
        using var probes = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = ProbeTimeout };
        var supervisors = plan.Select(process => new Supervisor(process, console, guard, probes, time)).ToArray();

        var ends = supervisors.ToDictionary(supervisor => supervisor.What.Name, _ => new TaskCompletionSource());
        var runs = supervisors.Select(supervisor => RunAsync(supervisor)).ToArray();
        try
        {
            await Task.WhenAll(supervisors.Select(supervisor => supervisor.Ready));
            Announce();
        }
        catch (OperationCanceledException)
        {
            // Told to stop before all were ready.
        }
        catch (Exception e)
        {
            Failure = e.Message;
            lifetime.StopApplication();
        }

        await Task.WhenAll(runs);

        async Task RunAsync(Supervisor supervisor)
        {
            var name = supervisor.What.Name;
            try
            {
                await supervisor.RunAsync(
                    [.. supervisors.Where(other => supervisor.What.After.Contains(other.What.Name))],
                    () => Task.WhenAll(supervisors.Where(other => other.What.After.Contains(name)).Select(other => ends[other.What.Name].Task)),
                    stoppingToken);
            }
            catch (Exception)
            {
                // Its Ready task carries it to ExecuteAsync.
            }
            finally
            {
                ends[name].SetResult();
            }
        }
    }

    private void Announce()
    {
        console.Write("apphost", "");
        foreach (var process in plan)
        {
            foreach (var (url, what) in process.Links)
            {
                console.Write("apphost", $"{process.Name,-14} {url,-38} {what}");
            }
        }

        console.Write("apphost", "");
        console.Write("apphost", $"Open {plan[^1].Links[0].Url} . Ctrl-C ends it all."); // the front end is the last one
    }
}
