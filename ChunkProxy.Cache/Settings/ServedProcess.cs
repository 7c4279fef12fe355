using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Life cycle of a server process: validate settings, start, serve, stop, drain.</summary>
internal static class ServedProcess
{
    // Categories whose messages below Warning contain request targets with their queries.
    private static readonly string[] WithQueries = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    // Categories that log start errors with a stack trace, although the start reports the same exceptions in one line.
    private static readonly string[] LoudAtStart = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Serves until SIGTERM or Ctrl-C.</summary>
    /// <param name="name">Program name, the prefix of messages.</param>
    /// <param name="errors">Receives one line if the start fails.</param>
    /// <param name="flagOf">Returns the flag of a configuration key, or null.</param>
    /// <param name="build">Builds the application. Its argument returns whether the start is complete.</param>
    /// <param name="start">Starts the application, after its settings were validated.</param>
    /// <param name="started">Called when the application serves.</param>
    /// <returns>The exit code: 0 after a stop, also during the start, or that of the <see cref="StartFailure"/>.</returns>
    public static async Task<int> ServeAsync(
        string name,
        TextWriter errors,
        Func<string, string?> flagOf,
        Func<Func<bool>, WebApplication> build,
        Func<WebApplication, Task> start,
        Func<WebApplication, Task> started)
    {
        var isStarted = false;
        using var stop = new StopSignals(); // the host listens to signals only when it starts
        try
        {
            await using var app = build(() => Volatile.Read(ref isStarted));
            await using var stopping = stop.Token.Register(app.Lifetime.StopApplication).ConfigureAwait(false);
            Validate(app);
            CacheDirectory.EnsureUsable(app.Services.GetRequiredService<IOptions<CacheOptions>>().Value);
            if (!await TryStartAsync(app, start).ConfigureAwait(false))
            {
                return 0;
            }

            Volatile.Write(ref isStarted, true);

            await started(app).ConfigureAwait(false);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // gives the memory of the start's garbage back
            await app.WaitForShutdownAsync().ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (!isStarted && StartFailure.Of(e, flagOf) is { } failure)
        {
            await errors.WriteLineAsync($"{name}: {failure.Line}").ConfigureAwait(false);
            return failure.ExitCode;
        }
    }

    /// <summary>Validates the settings, and ends. Opens no port, asks no other process, and creates no file.</summary>
    /// <param name="name">Program name, the prefix of messages.</param>
    /// <param name="output">Receives one line if the settings are valid.</param>
    /// <param name="errors">Receives one line if they are not.</param>
    /// <param name="flagOf">Returns the flag of a configuration key, or null.</param>
    /// <param name="build">Builds the application.</param>
    /// <param name="check">Checks what the validators of the options leave to the start.</param>
    /// <returns>The exit code: 0, or that of the <see cref="StartFailure"/>.</returns>
    public static async Task<int> CheckAsync(
        string name, TextWriter output, TextWriter errors, Func<string, string?> flagOf, Func<WebApplication> build, Action<WebApplication> check)
    {
        try
        {
            await using var app = build();
            Validate(app);
            check(app);
            await output.WriteLineAsync($"{name}: the settings are valid").ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (StartFailure.Of(e, flagOf) is { } failure)
        {
            await errors.WriteLineAsync($"{name}: {failure.Line}").ConfigureAwait(false);
            return failure.ExitCode;
        }
    }

    private static void Validate(WebApplication app)
    {
        foreach (var validator in app.Services.GetServices<IStartupValidator>())
        {
            validator.Validate();
        }
    }

    // False if it was stopped meanwhile. What had started has stopped then.
    private static async Task<bool> TryStartAsync(WebApplication app, Func<WebApplication, Task> start)
    {
        try
        {
            await start(app).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await app.StopAsync().ConfigureAwait(false);
            return false;
        }
    }

    // Overrides all log level settings. A rule that names a log provider takes precedence, so each named provider gets a rule.
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

    /// <summary>Default log levels: Information for ChunkProxy, Warning for the framework. <c>Logging:</c> in configuration overrides them.</summary>
    /// <param name="builder">Builder of the application.</param>
    /// <param name="hasStarted">Returns whether the start is complete.</param>
    /// <param name="further">A further category.</param>
    /// <param name="level">Its level.</param>
    public static void AddLogLevels(this WebApplicationBuilder builder, Func<bool> hasStarted, string further, LogLevel level)
    {
        // The first source, so that all others override it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = nameof(LogLevel.Information),
                ["Logging:LogLevel:Microsoft"] = nameof(LogLevel.Warning),
                ["Logging:LogLevel:System"] = nameof(LogLevel.Warning),
                ["Logging:LogLevel:StackExchange"] = nameof(LogLevel.Warning),
                [$"Logging:LogLevel:{further}"] = level.ToString(),
            },
        });
        builder.Services.PostConfigure<LoggerFilterOptions>(KeepQueriesOut);
        foreach (var category in LoudAtStart)
        {
            builder.Logging.AddFilter(category, it => it >= LogLevel.Warning && hasStarted());
        }
    }
}
