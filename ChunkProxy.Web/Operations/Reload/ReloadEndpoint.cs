using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Reload;

/// <summary>Maps <c>POST /_chunkproxy/reload</c>, which does what SIGHUP does, and says what came of it.</summary>
internal static class ReloadEndpoint
{
    public static void MapReload(this IEndpointRouteBuilder endpoints)
    {
        var reload = endpoints.ServiceProvider.GetRequiredService<SettingsReload>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/reload", [HttpMethods.Post], context => AnswerAsync(context, reload.Reload())).Takes(AdminAccess.Action);
    }

    private static Task AnswerAsync(HttpContext context, ReloadReport report) => AdminAnswer.WriteAsync(
        context,
        report.IsComplete ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        new ReloadAnswer(
            report.IsComplete,
            [.. report.Parts.Where(static part => part.Fault is null).Select(static part => part.Name)],
            [.. report.Parts.Where(static part => part.Fault is not null).Select(static part => new ReloadAnswer.Failure(part.Name, part.Fault!))],
            report.NeedRestart),
        ReloadAnswerJson.Readable.ReloadAnswer);
}
