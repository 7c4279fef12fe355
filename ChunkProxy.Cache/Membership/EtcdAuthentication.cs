using Etcdserverpb;
using Grpc.Core;

namespace ChunkProxy.Cache.Membership;

/// <summary>Obtains a token for calls to etcd, and enables authentication there if that is configured.</summary>
/// <param name="auth">The calls.</param>
/// <param name="options">User and password.</param>
internal sealed class EtcdAuthentication(Auth.AuthClient auth, EtcdOptions options)
{
    /// <summary>The user and the role without which etcd does not enable authentication.</summary>
    public const string Root = "root";

    /// <summary>Returns a token; null without a user. Each call to etcd renews it.</summary>
    public async Task<string?> TokenAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(options.Username))
        {
            return null;
        }

        var request = new AuthenticateRequest { Name = options.Username, Password = options.ReadPassword() };
        try
        {
            return (await auth.AuthenticateAsync(request, cancellationToken: cancellationToken)).Token;
        }
        catch (RpcException e) when (options.EnableAuthentication && e.StatusCode is StatusCode.FailedPrecondition && e.Status.Detail.Contains("not enabled", StringComparison.Ordinal))
        {
            await EnableAsync(request.Password!, cancellationToken); // validated
            return (await auth.AuthenticateAsync(request, cancellationToken: cancellationToken)).Token;
        }
    }

    // Several members may do this at the same time. Each step has the same result for all of them, and fails only because another member is further:
    // the token that is requested next tells whether authentication is enabled. A user "root" that exists already gets this password.
    private async Task EnableAsync(string password, CancellationToken cancellationToken)
    {
        await TryAsync(auth.RoleAddAsync(new AuthRoleAddRequest { Name = Root }, cancellationToken: cancellationToken));
        await TryAsync(auth.UserAddAsync(new AuthUserAddRequest { Name = Root, Password = password }, cancellationToken: cancellationToken));
        await TryAsync(auth.UserChangePasswordAsync(new AuthUserChangePasswordRequest { Name = Root, Password = password }, cancellationToken: cancellationToken));
        await TryAsync(auth.UserGrantRoleAsync(new AuthUserGrantRoleRequest { User = Root, Role = Root }, cancellationToken: cancellationToken));
        await DeleteOtherUsersAsync(cancellationToken);
        await TryAsync(auth.AuthEnableAsync(new AuthEnableRequest(), cancellationToken: cancellationToken));
    }

    // Until authentication is enabled, any client can create users and grant roles. This etcd serves the cluster alone.
    private async Task DeleteOtherUsersAsync(CancellationToken cancellationToken)
    {
        AuthUserListResponse users;
        try
        {
            users = await auth.UserListAsync(new AuthUserListRequest(), cancellationToken: cancellationToken);
        }
        catch (RpcException e) when (IsFurther(e))
        {
            return;
        }

        foreach (var user in users.Users.Where(user => user != Root))
        {
            await TryAsync(auth.UserDeleteAsync(new AuthUserDeleteRequest { Name = user }, cancellationToken: cancellationToken));
        }
    }

    // Another member is further: it has done the step, or has enabled authentication.
    private static bool IsFurther(RpcException e) =>
        e.StatusCode is StatusCode.FailedPrecondition or StatusCode.InvalidArgument or StatusCode.PermissionDenied or StatusCode.Unauthenticated;

    private static async Task TryAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException e) when (IsFurther(e))
        {
        }
    }
}
