using ChunkProxy.Cache;
using ChunkProxy.Web.Hosting;
using ChunkProxy.Web.Http.Routes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Http.Routes;

/// <summary>The front end's services with settings of a test, as a host's start makes them.</summary>
internal static class RouteSetup
{
    public static ServiceProvider ServicesOf(params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in settings)
        {
            values["ChunkProxy:" + key] = value;
        }

        return new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddLogging().AddChunkCache().AddChunkProxyFrontEnd().BuildServiceProvider();
    }

    public static TargetReader TargetsOf(this ServiceProvider services) => services.GetRequiredService<TargetReader>();

    /// <summary>Returns the messages of a start that must fail.</summary>
    public static string FailuresOf(params (string Key, string Value)[] settings)
    {
        using var services = ServicesOf(settings);
        return MessagesOf(Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IStartupValidator>().Validate()));
    }

    private static string MessagesOf(Exception error) => error switch
    {
        AggregateException several => string.Join('\n', several.InnerExceptions.Select(MessagesOf)),
        OptionsValidationException options => string.Join('\n', options.Failures),
        _ => throw new InvalidOperationException("The start fails for another reason.", error),
    };
}
