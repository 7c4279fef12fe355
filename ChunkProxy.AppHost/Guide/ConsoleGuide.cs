using System.Collections.Concurrent;
using ChunkProxy.AppHost.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace ChunkProxy.AppHost.Guide;

/// <summary>Tells the person at the console what is started, where to click once it is ready, and what failed.</summary>
internal sealed class ConsoleGuide(
    ClusterOptions options,
    ServerPrograms programs,
    DistributedApplicationModel model,
    ResourceNotificationService resources,
    ResourceLoggerService logs,
    IInteractionService interactions,
    IConfiguration configuration) : BackgroundService
{
    private const int LinesOfAFailure = 5;

    private readonly ConcurrentDictionary<string, bool> _failed = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (programs.StaticBecause is { } reason && interactions.IsAvailable)
        {
            _ = interactions.PromptNotificationAsync("Static cluster", reason, new NotificationInteractionOptions { Intent = MessageIntent.Information }, stoppingToken);
        }

        try
        {
            await Task.WhenAll(PrintWhenReadyAsync(stoppingToken), PrintFailuresAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends.
        }
    }

    private async Task PrintWhenReadyAsync(CancellationToken stoppingToken)
    {
        await resources.WaitForResourceHealthyAsync(Names.Web, WaitBehavior.WaitOnResourceUnavailable, stoppingToken);
        var web = model.Resources.OfType<ProjectResource>().Single(resource => resource.Name == Names.Web).GetEndpoint("http").Url;
        Console.WriteLine($"""

            ChunkProxy is ready. Ctrl-C ends everything.
              {options.FrontPage + ":",-26} {web}/
              {"Status page:",-26} {web}{Names.StatusPath}{DashboardLine()}

            """);
    }

    private string DashboardLine()
    {
        var url = configuration["ASPNETCORE_URLS"]?.Split(';')[0];
        var token = configuration["AppHost:BrowserToken"];
        return string.IsNullOrEmpty(url) || string.IsNullOrEmpty(token) || !interactions.IsAvailable
            ? ""
            : $"{Environment.NewLine}  {"Dashboard:",-26} {url}/login?t={token}";
    }

    private async Task PrintFailuresAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in resources.WatchAsync(stoppingToken))
        {
            var name = change.Resource.Name;
            var state = change.Snapshot.State?.Text;
            if (state == KnownResourceStates.Running)
            {
                _failed.TryRemove(name, out _);
            }
            else if ((state == KnownResourceStates.FailedToStart || (state is "Exited" or "Finished" && change.Snapshot.ExitCode is > 0 and not 143))
                && _failed.TryAdd(name, true))
            {
                await PrintFailureAsync(change, state!, stoppingToken);
            }
        }
    }

    private async Task PrintFailureAsync(ResourceEvent change, string state, CancellationToken stoppingToken)
    {
        var name = change.Resource.Name;
        Console.WriteLine($"ChunkProxy: {name} {(state == KnownResourceStates.FailedToStart ? "failed to start" : $"ended with exit code {change.Snapshot.ExitCode}")}.");
        var lines = new List<string>();
        await foreach (var batch in logs.GetAllAsync(change.ResourceId).WithCancellation(stoppingToken))
        {
            lines.AddRange(batch.Select(line => line.Content));
        }

        foreach (var line in lines.TakeLast(LinesOfAFailure))
        {
            Console.WriteLine($"  {name} | {line}");
        }

        if (change.Resource.IsContainer())
        {
            Console.WriteLine($"  If its image cannot be pulled: --Servers:From Programs runs {name} as a program of this machine, --Servers:From Static does without etcd.");
        }
    }
}
