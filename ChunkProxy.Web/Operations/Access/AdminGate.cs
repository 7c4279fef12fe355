using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Responses;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Checks access to every endpoint of the reserved prefix.</summary>
/// <remarks>
/// The key is accepted only in <c>Authorization</c>, which a foreign page cannot set: a form has no such field, and a script's request with it
/// needs a preflight (OPTIONS), which is never granted here. So no foreign page can make a browser act, and there is no cookie to steal.
/// </remarks>
internal sealed partial class AdminGate(AdminKey key, WrongKeyLog wrongKeys, IOptions<AdminOptions> options, ILogger<AdminGate> log)
{
    private const string Challenge = "Bearer realm=\"chunkproxy\"";

    private readonly bool _hasOwnAddress = options.Value.AdminAddress is not null;
    private readonly bool _guardsLooking = options.Value.AdminKeyGuards is AdminKeyGuards.Everything;

    /// <summary>Wraps an endpoint, so that only admitted requests reach it.</summary>
    public RequestDelegate Before(RequestDelegate endpoint, AdminAccess access) => context =>
    {
        var verdict = Judge(access, AdminListener.Brought(context), context.Request.Headers.Authorization);
        if (verdict is not AdminVerdict.Admitted)
        {
            return RefuseAsync(context, verdict);
        }

        if (access is AdminAccess.Action)
        {
            LogAction(context.Request.Method, context.Request.Path, context.Request.QueryString, context.Connection.RemoteIpAddress);
        }

        return endpoint(context);
    };

    /// <param name="access">The access that the endpoint requires.</param>
    /// <param name="isAtAdminAddress">Whether the request arrived at the separate admin address.</param>
    /// <param name="authorization">The request's Authorization field.</param>
    public AdminVerdict Judge(AdminAccess access, bool isAtAdminAddress, string? authorization) => access switch
    {
        AdminAccess.Probe => AdminVerdict.Admitted,
        _ when _hasOwnAddress && !isAtAdminAddress => AdminVerdict.Elsewhere,
        AdminAccess.Shell => AdminVerdict.Admitted,
        AdminAccess.Look when !_guardsLooking => AdminVerdict.Admitted,
        _ when !key.IsSet => AdminVerdict.NoKeyIsSet,
        _ when key.IsIn(authorization) => AdminVerdict.Admitted,
        _ when string.IsNullOrEmpty(authorization) => AdminVerdict.KeyMissing,
        _ => AdminVerdict.KeyWrong,
    };

    private Task RefuseAsync(HttpContext context, AdminVerdict verdict)
    {
        var (status, reason) = verdict switch
        {
            AdminVerdict.Elsewhere => (StatusCodes.Status404NotFound, "There is nothing at this path."), // the same response as for any unknown path
            AdminVerdict.NoKeyIsSet => (StatusCodes.Status403Forbidden, "This process has no admin key (-adminkeyfile), so actions are disabled."),
            AdminVerdict.KeyMissing => (StatusCodes.Status401Unauthorized, "This requires the admin key: Authorization: Bearer KEY."),
            AdminVerdict.KeyWrong => (StatusCodes.Status401Unauthorized, "Wrong admin key."),
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "An admitted request is not refused."),
        };
        if (verdict is AdminVerdict.KeyWrong)
        {
            wrongKeys.Note(context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress);
        }

        return ErrorAnswer.WriteAsync(context, status, reason, CacheStatus.Refused, headers =>
        {
            headers.CacheControl = "no-store";
            if (status == StatusCodes.Status401Unauthorized)
            {
                headers.WWWAuthenticate = verdict is AdminVerdict.KeyWrong ? Challenge + ", error=\"invalid_token\"" : Challenge;
            }
        });
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Path}{Query} with the admin key, from {Address}")]
    private partial void LogAction(string method, PathString path, QueryString query, System.Net.IPAddress? address);
}
