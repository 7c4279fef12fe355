using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace ChunkProxy.Web.Hosting;

/// <summary>One line a message, ours from Information on, the framework's from Warning on.</summary>
internal static class ConsoleLogging
{
    /// <summary>Their errors at the start come with a stack trace; the same exceptions end the start with one line.</summary>
    private static readonly string[] LoudAtStart = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <param name="builder">The application's.</param>
    /// <param name="hasStarted">Says whether the start is over.</param>
    public static void AddConsoleLogging(this WebApplicationBuilder builder, Func<bool> hasStarted)
    {
        // First of the sources: whatever environment and files say of Logging: wins.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                new("Logging:LogLevel:Default", "Information"),
                new("Logging:LogLevel:Microsoft", "Warning"),
                new("Logging:LogLevel:System", "Warning"),
                new("Logging:LogLevel:Polly", "Warning"),
                new("Logging:LogLevel:StackExchange", "Warning"),
            ],
        });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });

        // A console that nobody reads fills up; a socket's thread must not wait for it.
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);

        foreach (var category in LoudAtStart)
        {
            builder.Logging.AddFilter(category, level => level >= LogLevel.Warning && hasStarted());
        }
    }
}
