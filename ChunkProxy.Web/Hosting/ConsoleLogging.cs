using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Logging.Console;

namespace ChunkProxy.Web.Hosting;

/// <summary>Configures the console: one line per message; the product logs from Information, the framework from Warning.</summary>
internal static class ConsoleLogging
{
    /// <param name="builder">The application's builder.</param>
    /// <param name="hasStarted">Returns whether the start is complete.</param>
    public static void AddConsoleLogging(this WebApplicationBuilder builder, Func<bool> hasStarted)
    {
        builder.AddLogLevels(hasStarted, "Polly", LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });

        // A console that is not read fills up. A thread that serves sockets must not wait for it.
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }
}
