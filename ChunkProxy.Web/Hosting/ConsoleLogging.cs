using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Logging.Console;

namespace ChunkProxy.Web.Hosting;

/// <summary>One line a message, ours from Information on, the framework's from Warning on.</summary>
internal static class ConsoleLogging
{
    /// <param name="builder">The application's.</param>
    /// <param name="hasStarted">Says whether the start is over.</param>
    public static void AddConsoleLogging(this WebApplicationBuilder builder, Func<bool> hasStarted)
    {
        builder.AddLogLevels(hasStarted, ("Polly", LogLevel.Warning));
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });

        // A console that nobody reads fills up; a socket's thread must not wait for it.
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }
}
