using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>One life of a process that serves: its settings are checked, it is started, told to stop, drained.</summary>
internal static class ServedProcess
{
    // Their messages below Warning have the targets of requests, with the queries.
    private static readonly string[] WithQueries = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    // Their errors at the start come with a stack trace; the same exceptions end the start with one line.
    private static readonly string[] LoudAtStart = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Serves until SIGTERM or Ctrl-C.</summary>
    /// <param name="name">The program, as its messages begin.</param>
    /// <param name="errors">Gets the line that says why the start ended.</param>
    /// <param name="flagOf">Names the flag that sets a configuration key, where there is one.</param>
    /// <param name="build">Builds the application; its argument says whether the start is over.</param>
    /// <param name="start">Starts it; its settings are valid by then.</param>
    /// <param name="started">Called when it serves.</param>
    /// <returns>The exit code: 0 after a stop, or that of the <see cref="StartFailure"/>.</returns>
    public static async Task<int> ServeAsync(
        string name,
        TextWriter errors,
        Func<string, string?> flagOf,
        Func<Func<bool>, WebApplication> build,
        Func<WebApplication, Task> start,
        Func<WebApplication, Task> started)
    {
        var isStarted = false;
        try
        {
            await using var app = build(() => Volatile.Read(ref isStarted));
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            CacheDirectory.EnsureUsable(app.Services.GetRequiredService<IOptions<CacheOptions>>().Value);
            await start(app).ConfigureAwait(false);
            Volatile.Write(ref isStarted, true);

            await started(app).ConfigureAwait(false);
            await app.WaitForShutdownAsync().ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (!isStarted && StartFailure.Of(e, flagOf) is { } failure)
        {
            await errors.WriteLineAsync($"{name}: {failure.Line}").ConfigureAwait(false);
            return failure.ExitCode;
        }
    }

    // Whatever levels the settings have. Of the rules for a category, one that names the log provider wins, so each provider that is named gets a rule.
    private static void KeepQueriesOut(LoggerFilterOptions filters)
    {
        foreach (var provider in filters.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
        {
            foreach (var category in WithQueries)
            {
                filters.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));
            }
        }
    }

    /// <summary>Logs ours from Information on and the framework's from Warning on, unless <c>Logging:</c> in the environment or in files says otherwise.</summary>
    /// <param name="builder">The application's.</param>
    /// <param name="hasStarted">Says whether the start is over.</param>
    /// <param name="more">Levels of further categories.</param>
    public static void AddLogLevels(this WebApplicationBuilder builder, Func<bool> hasStarted, params IEnumerable<(string Category, LogLevel Level)> more)
    {
        // First of the sources, so that all others win.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = Enumerable.Concat(
                [("Default", LogLevel.Information), ("Microsoft", LogLevel.Warning), ("System", LogLevel.Warning), ("StackExchange", LogLevel.Warning)], more)
                .Select(it => KeyValuePair.Create($"Logging:LogLevel:{it.Item1}", (string?)it.Item2.ToString())),
        });
        builder.Services.PostConfigure<LoggerFilterOptions>(KeepQueriesOut);
        foreach (var category in LoudAtStart)
        {
            builder.Logging.AddFilter(category, level => level >= LogLevel.Warning && hasStarted());
        }
    }
}
