using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Responses;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Stands before every endpoint of the reserved prefix.</summary>
/// <remarks>
/// The key travels in <c>Authorization</c> alone, which a foreign page can set on no request: a form has no such field, and a script's request with one
/// is preceded by a preflight (OPTIONS) that is never granted here. So no page elsewhere can make a browser act, and there is no cookie to steal.
/// </remarks>
internal sealed partial class AdminGate(AdminKey key, WrongKeyLog wrongKeys, IOptions<AdminOptions> options, ILogger<AdminGate> log)
{
    private const string Challenge = "Bearer realm=\"chunkproxy\"";

    private readonly bool _hasOwnAddress = options.Value.AdminAddress is not null;
    private readonly bool _guardsLooking = options.Value.AdminKeyGuards is AdminKeyGuards.Everything;

    /// <summary>Returns what admits requests to <paramref name="endpoint"/>.</summary>
    public RequestDelegate Before(RequestDelegate endpoint, AdminAccess access) => context =>
    {
        var verdict = Judge(access, AdminListener.Brought(context), context.Request.Headers.Authorization);
        if (verdict is not AdminVerdict.Admitted)
        {
            return RefuseAsync(context, verdict);
        }

        if (access is AdminAccess.Action)
        {
            LogAction(context.Request.Method, ShownRequest.Of(context.Request), context.Connection.RemoteIpAddress);
        }

        return endpoint(context);
    };

    /// <param name="access">What the endpoint is.</param>
    /// <param name="isAtAdminAddress">The request came in at the prefix's own address.</param>
    /// <param name="authorization">The field of the request.</param>
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
            AdminVerdict.Elsewhere => (StatusCodes.Status404NotFound, "There is nothing at this path."), // as for any other path where nothing is
            AdminVerdict.NoKeyIsSet => (StatusCodes.Status403Forbidden, "This process has no admin key (-adminkeyfile), so actions are disabled."),
            AdminVerdict.KeyMissing => (StatusCodes.Status401Unauthorized, "This requires the admin key: Authorization: Bearer KEY."),
            AdminVerdict.KeyWrong => (StatusCodes.Status401Unauthorized, "Wrong admin key."),
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Who is admitted is not refused."),
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

    [LoggerMessage(1, LogLevel.Information, "{Method} {Request} with the admin key, from {Address}")]
    private partial void LogAction(string method, string request, System.Net.IPAddress? address);
}
