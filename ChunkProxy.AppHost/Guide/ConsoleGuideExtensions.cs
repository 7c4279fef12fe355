using System.Globalization;
using ChunkProxy.AppHost.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.AppHost.Guide;

internal static class ConsoleGuideExtensions
{
    /// <summary>Says at once what is started, and later where to click. A publication says nothing.</summary>
    public static void AddConsoleGuide(this IDistributedApplicationBuilder builder, ClusterOptions options, ServerPrograms programs)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        foreach (var note in programs.Notes)
        {
            Console.WriteLine($"ChunkProxy: {note}");
        }

        var parts = builder.Resources.Where(resource => resource is not ParameterResource && !resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal)).Select(resource => resource.Name);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ChunkProxy: starting {string.Join(", ", parts)}."));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(programs);
        builder.Services.AddHostedService<ConsoleGuide>();
    }
}
